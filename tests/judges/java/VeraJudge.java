import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Asks veraPDF. Request: path, flavour ("3a", "ua1", …). Answer: passed, checks, failures by rule. */
final class VeraJudge {

    private VeraJudge() {}

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        Answer.converse(fields -> judge(new File(fields[0]), PDFAFlavour.byFlavourId(fields[1])));
    }

    private static Map<String, Object> judge(File pdf, PDFAFlavour flavour) throws Exception {
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("veraPDF knows no such flavour");
        }
        // The last three: no list of what passed, messages with the offending value, no progress on the screen.
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, -1, false, true, false);
        try (validator; PDFAParser parser = Foundries.defaultInstance().createParser(pdf, flavour)) {
            ValidationResult result = validator.validate(parser);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("passed", result.isCompliant());
            answer.put("checks", result.getTotalAssertions());
            answer.put("failures", failures(result));
            return answer;
        }
    }

    /** One entry a broken rule: a page with 400 wrong glyphs breaks one rule, 400 times. */
    private static List<Map<String, Object>> failures(ValidationResult result) {
        Map<String, Map<String, Object>> byRule = new LinkedHashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() != TestAssertion.Status.FAILED) {
                continue;
            }
            String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
            Map<String, Object> failure = byRule.computeIfAbsent(rule, key -> described(key, assertion));
            failure.put("count", result.getFailedChecks().getOrDefault(assertion.getRuleId(), 1));
        }
        return new ArrayList<>(byRule.values());
    }

    private static Map<String, Object> described(String rule, TestAssertion assertion) {
        Map<String, Object> failure = new LinkedHashMap<>();
        String found = assertion.getErrorMessage();
        failure.put("rule", rule);
        failure.put("message", found == null || found.isBlank() ? assertion.getMessage() : found);
        failure.put("context", assertion.getLocation().getContext());
        return failure;
    }
}
