import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageAccess;
import org.apache.poi.openxml4j.opc.PackagePart;
import org.apache.poi.openxml4j.opc.PackageRelationship;
import org.apache.poi.openxml4j.opc.PackageRelationshipCollection;
import org.apache.poi.openxml4j.opc.PackagingURIHelper;
import org.apache.poi.openxml4j.opc.TargetMode;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.DataValidationConstraint;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.util.CellReference;
import org.apache.poi.ss.util.CellRangeAddress;
import org.apache.poi.xssf.usermodel.XSSFDataValidation;
import org.apache.poi.xssf.usermodel.XSSFName;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.xmlbeans.SchemaType;
import org.apache.xmlbeans.XmlBeans;
import org.apache.xmlbeans.XmlCursor;
import org.apache.xmlbeans.XmlError;
import org.apache.xmlbeans.XmlException;
import org.apache.xmlbeans.XmlObject;
import org.apache.xmlbeans.XmlOptions;
import org.openxmlformats.schemas.drawingml.x2006.main.ThemeDocument;
import org.openxmlformats.schemas.drawingml.x2006.spreadsheetDrawing.WsDrDocument;
import org.openxmlformats.schemas.spreadsheetml.x2006.main.CommentsDocument;
import org.openxmlformats.schemas.spreadsheetml.x2006.main.SstDocument;
import org.openxmlformats.schemas.spreadsheetml.x2006.main.StyleSheetDocument;
import org.openxmlformats.schemas.spreadsheetml.x2006.main.TableDocument;
import org.openxmlformats.schemas.spreadsheetml.x2006.main.WorkbookDocument;
import org.openxmlformats.schemas.spreadsheetml.x2006.main.WorksheetDocument;

/**
 * Asks Apache POI about workbooks. Requests:
 *
 * <ul>
 *   <li>"validate", path: each part against its schema of ECMA-376 (transitional), and each relationship. Answer:
 *       parts by name with the number of elements seen, unknown (parts without a schema here), breaches.
 *   <li>"read", path: sheets with their direction, cells and validations; defined names.
 *   <li>"fill", path, path of the result, then (sheet, cell, "text", "number" or "formula", value) for each
 *       cell: typed in, all formulas worked out, saved. Answer: filled.
 * </ul>
 */
final class PoiJudge {

    private static final String SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    /** The schema forgot xml:space of a text, which Excel itself writes to keep blanks at the ends. */
    private static final String SPACE_OF_TEXTS = "Attribute not allowed (no wildcards allowed): "
            + "space@http://www.w3.org/XML/1998/namespace in element t@";

    /** Apart, so that what the library says while it starts comes after {@link Answer} has taken standard output. */
    private static final class Schemas {

        static final Map<String, SchemaType> BY_TYPE = Map.of(
                SHEETS + "sheet.main+xml", WorkbookDocument.type,
                SHEETS + "worksheet+xml", WorksheetDocument.type,
                SHEETS + "styles+xml", StyleSheetDocument.type,
                SHEETS + "sharedStrings+xml", SstDocument.type,
                SHEETS + "comments+xml", CommentsDocument.type,
                SHEETS + "table+xml", TableDocument.type,
                "application/vnd.openxmlformats-officedocument.drawing+xml", WsDrDocument.type,
                "application/vnd.openxmlformats-officedocument.theme+xml", ThemeDocument.type,
                "application/vnd.openxmlformats-officedocument.extended-properties+xml",
                org.openxmlformats.schemas.officeDocument.x2006.extendedProperties.PropertiesDocument.type,
                "application/vnd.openxmlformats-officedocument.custom-properties+xml",
                org.openxmlformats.schemas.officeDocument.x2006.customProperties.PropertiesDocument.type);
    }

    private PoiJudge() {}

    public static void main(String[] arguments) throws Exception {
        Answer.converse(fields -> switch (fields[0]) {
            case "validate" -> validated(new File(fields[1]));
            case "read" -> read(new File(fields[1]));
            case "fill" -> filled(fields);
            default -> throw new IllegalArgumentException("no such request: " + fields[0]);
        });
    }

    private static Map<String, Object> validated(File file) throws Exception {
        Map<String, Object> parts = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        List<String> breaches = new ArrayList<>();
        // Opening already refuses what breaks the conventions of packages: types, names, relationships of parts.
        try (OPCPackage workbook = OPCPackage.open(file, PackageAccess.READ)) {
            related("/", workbook.getRelationships(), workbook, breaches);
            for (PackagePart part : workbook.getParts()) {
                if (part.isRelationshipPart()) {
                    continue;
                }
                related(part.getPartName().getName(), part.getRelationships(), workbook, breaches);
                SchemaType schema = Schemas.BY_TYPE.get(part.getContentType());
                if (schema == null) {
                    unknown.add(part.getContentType());
                    continue;
                }
                parts.put(part.getPartName().getName(), elements(part, schema, breaches));
            }
        }
        return Map.of("parts", parts, "unknown", unknown, "breaches", breaches);
    }

    /** How many elements the part holds; what is wrong with them goes to {@code breaches}. */
    private static int elements(PackagePart part, SchemaType schema, List<String> breaches) throws Exception {
        String name = part.getPartName().getName();
        List<XmlError> errors = new ArrayList<>();
        XmlOptions options = new XmlOptions().setErrorListener(errors).setLoadLineNumbers();
        try (InputStream stream = part.getInputStream()) {
            XmlObject content = XmlBeans.getContextTypeLoader().parse(stream, schema, options);
            content.validate(options);
            for (XmlError error : errors) {
                if (!error.getMessage().startsWith(SPACE_OF_TEXTS)) {
                    breaches.add(name + ": " + error.getMessage());
                }
            }
            return counted(content);
        } catch (XmlException fault) {
            breaches.add(name + ": " + fault.getMessage());
            return 0;
        }
    }

    private static int counted(XmlObject content) {
        int found = 0;
        try (XmlCursor cursor = content.newCursor()) {
            while (cursor.hasNextToken()) {
                found += cursor.toNextToken().isStart() ? 1 : 0;
            }
        }
        return found;
    }

    private static void related(
            String from, PackageRelationshipCollection all, OPCPackage workbook, List<String> breaches) throws Exception {
        for (PackageRelationship one : all) {
            boolean inside = one.getTargetMode() == TargetMode.INTERNAL;
            if (inside && !workbook.containPart(PackagingURIHelper.createPartName(one.getTargetURI()))) {
                breaches.add(from + ": " + one.getId() + " leads to " + one.getTargetURI() + ", which is not there");
            }
        }
    }

    private static Map<String, Object> read(File file) throws Exception {
        try (OPCPackage content = OPCPackage.open(file, PackageAccess.READ); XSSFWorkbook book = new XSSFWorkbook(content)) {
            List<Object> sheets = new ArrayList<>();
            for (int place = 0; place < book.getNumberOfSheets(); place++) {
                XSSFSheet sheet = book.getSheetAt(place);
                Map<String, Object> told = new LinkedHashMap<>();
                told.put("name", sheet.getSheetName());
                told.put("visible", book.getSheetVisibility(place).name());
                told.put("right_to_left", sheet.isRightToLeft());
                told.put("cells", cells(sheet));
                told.put("validations", validations(sheet));
                sheets.add(told);
            }
            Map<String, Object> names = new LinkedHashMap<>();
            for (XSSFName name : book.getAllNames()) {
                names.put(name.getNameName(), name.getRefersToFormula());
            }
            return Map.of("sheets", sheets, "names", names);
        }
    }

    private static Map<String, Object> cells(XSSFSheet sheet) {
        Map<String, Object> found = new LinkedHashMap<>();
        for (Row row : sheet) {
            for (Cell cell : row) {
                Object value = switch (cell.getCellType()) {
                    case NUMERIC -> cell.getNumericCellValue();
                    case BOOLEAN -> cell.getBooleanCellValue();
                    case FORMULA -> "=" + cell.getCellFormula();
                    case ERROR -> "#" + cell.getErrorCellValue();
                    case STRING -> cell.getStringCellValue();
                    default -> null;
                };
                if (value != null) {
                    found.put(cell.getAddress().formatAsString(), value);
                }
            }
        }
        return found;
    }

    private static List<Object> validations(XSSFSheet sheet) {
        List<Object> found = new ArrayList<>();
        for (XSSFDataValidation one : sheet.getDataValidations()) {
            DataValidationConstraint asked = one.getValidationConstraint();
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("cells", Arrays.stream(one.getRegions().getCellRangeAddresses())
                    .map(CellRangeAddress::formatAsString).toList());
            told.put("is_list", asked.getValidationType() == DataValidationConstraint.ValidationType.LIST);
            told.put("first", asked.getFormula1());
            told.put("second", asked.getFormula2());
            found.add(told);
        }
        return found;
    }

    private static Map<String, Object> filled(String[] fields) throws Exception {
        try (InputStream stream = new FileInputStream(fields[1]); XSSFWorkbook book = new XSSFWorkbook(stream)) {
            for (int place = 3; place + 3 < fields.length; place += 4) {
                fill(cell(book, fields[place], fields[place + 1]), fields[place + 2], fields[place + 3]);
            }
            book.getCreationHelper().createFormulaEvaluator().evaluateAll();
            try (OutputStream out = new FileOutputStream(fields[2])) {
                book.write(out);
            }
        }
        return Map.of("filled", true);
    }

    private static Cell cell(XSSFWorkbook book, String sheet, String reference) {
        CellReference place = new CellReference(reference);
        Row row = book.getSheet(sheet).getRow(place.getRow());
        return row.getCell(place.getCol(), Row.MissingCellPolicy.CREATE_NULL_AS_BLANK);
    }

    private static void fill(Cell cell, String kind, String value) {
        switch (kind) {
            case "number" -> cell.setCellValue(Double.parseDouble(value));
            case "formula" -> cell.setCellFormula(value);
            case "text" -> cell.setCellValue(value);
            default -> throw new IllegalArgumentException("no such kind of cell: " + kind);
        }
    }
}
