import LatchkeyCore
import Testing

@Suite("The handle of a service user")
struct HandleTests {
    @Test(
        "is made from its name",
        arguments: [
            ("Pipeline Automation", "pipeline_automation@service"), ("API Access", "api_access@service"),
            ("  Über  Sync!! ", "uber_sync@service"), ("dbt-cloud_prod", "dbt-cloud_prod@service"),
            ("ＦＵＬＬ　Width", "full_width@service"), ("--x--", "x@service"), ("a\u{301}b\tc", "ab_c@service"),
        ])
    func isMade(name: String, handle: String) {
        #expect(Handle.service(for: name) == handle)
    }

    @Test("is one for all names that fold alike")
    func folds() {
        let names = ["Caf\u{E9} Sync", "CAFE\u{301}  SYNC", "cafe sync", "ｃａｆｅ sync"]
        #expect(Set(names.map { Handle.service(for: $0) }) == ["cafe_sync@service"])
    }

    @Test("is none where nothing of the name is left", arguments: ["", "  ", "日本", "!!!", "__--"])
    func isEmpty(name: String) {
        #expect(Handle.service(for: name) == nil)
    }
}
