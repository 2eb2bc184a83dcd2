import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.SubIndication;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks the EU's DSS library about the signatures of one PDF, by its default (ETSI EN 319 102-1) policy and
 * without any network. Request: path, then trusted certificates as PEM files. Answer: one entry a signature.
 */
final class DssJudge {

    private DssJudge() {}

    public static void main(String[] arguments) throws Exception {
        Answer.converse(DssJudge::judge);
    }

    private static Map<String, Object> judge(String[] fields) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        for (int field = 1; field < fields.length; field++) {
            trusted.addCertificate(DSSUtils.loadCertificate(new File(fields[field])));
        }
        // This verifier has no source of revocation data and fetches no issuers: only what the file brings counts.
        CertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null);
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(fields[0]));
        validator.setCertificateVerifier(verifier);
        Reports reports = validator.validateDocument();

        List<Map<String, Object>> signatures = new ArrayList<>();
        for (String id : reports.getSimpleReport().getSignatureIdList()) {
            signatures.add(signature(reports.getSimpleReport(), reports.getDiagnosticData(), id));
        }
        return Map.of("signatures", signatures);
    }

    private static Map<String, Object> signature(SimpleReport report, DiagnosticData diagnosis, String id) {
        SignatureWrapper wrapper = diagnosis.getSignatureById(id);
        Indication indication = report.getIndication(id);
        SubIndication subIndication = report.getSubIndication(id);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("indication", indication.name());
        answer.put("sub_indication", subIndication == null ? "" : subIndication.name());
        answer.put("format", String.valueOf(report.getSignatureFormat(id)));
        answer.put("signed_by", String.valueOf(report.getSignedBy(id)));
        answer.put("intact", wrapper.isSignatureIntact());
        answer.put("scopes", report.getSignatureScopes(id).stream().map(scope -> scope.getScope().name()).toList());
        answer.put("changed_after", wrapper.arePdfObjectModificationsDetected());
        answer.put("errors", messages(report.getAdESValidationErrors(id)));
        answer.put("warnings", messages(report.getAdESValidationWarnings(id)));
        return answer;
    }

    private static List<String> messages(List<Message> found) {
        return found.stream().map(Message::getValue).toList();
    }
}
