/// Core user (RFC 7643 §4.1 and §8.7.1).
extension SCIMSchema {
    static let user = SCIMSchema(
        urn: "urn:ietf:params:scim:schemas:core:2.0:User", name: "User", summary: "A person.",
        attributes: names + contacts + belongings)

    private static let names = [
        SCIMAttribute("userName", .string, "The name that the person goes by here, unique whatever its case.")
            .required.unique("server"),
        SCIMAttribute(
            "name",
            .complex([
                SCIMAttribute("formatted", .string, "The whole name."),
                SCIMAttribute("familyName", .string, "The family name."),
                SCIMAttribute("givenName", .string, "The given name."),
                SCIMAttribute("middleName", .string, "Middle names."),
                SCIMAttribute("honorificPrefix", .string, "Such as Dr."),
                SCIMAttribute("honorificSuffix", .string, "Such as III."),
            ]), "The parts of the name."),
        SCIMAttribute("displayName", .string, "The name that people see."),
        SCIMAttribute("nickName", .string, "A casual name."),
        SCIMAttribute("profileUrl", .reference(["external"]), "A page about the person."),
        SCIMAttribute("title", .string, "Such as Vice President."),
        SCIMAttribute("userType", .string, "Such as Contractor."),
        SCIMAttribute("preferredLanguage", .string, "Such as en-US."),
        SCIMAttribute("locale", .string, "Such as en-US."),
        SCIMAttribute("timezone", .string, "Such as Europe/Berlin."),
        SCIMAttribute("active", .boolean, "Whether the account works."),
        SCIMAttribute("password", .string, "Taken and thrown away: nobody signs in here with it.").caseExact.secret,
    ]

    private static let contacts = [
        SCIMAttribute.several("emails", "Mail addresses.", types: ["work", "home", "other"]),
        SCIMAttribute.several(
            "phoneNumbers", "Phone numbers.", types: ["work", "home", "mobile", "fax", "pager", "other"]),
        SCIMAttribute.several(
            "ims", "Addresses of instant messengers.",
            types: ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
        SCIMAttribute.several(
            "photos", "Pictures.", types: ["photo", "thumbnail"],
            value: SCIMAttribute("value", .reference(["external"]), "Where the picture is.").caseExact),
        SCIMAttribute(
            "addresses",
            .complex([
                SCIMAttribute("formatted", .string, "The whole address."),
                SCIMAttribute("streetAddress", .string, "Street and number."),
                SCIMAttribute("locality", .string, "The city."),
                SCIMAttribute("region", .string, "The state or region."),
                SCIMAttribute("postalCode", .string, "The postal code."),
                SCIMAttribute("country", .string, "The country, ISO 3166-1 alpha-2."),
                SCIMAttribute("type", .string, "What the address is for.").among(["work", "home", "other"]),
                SCIMAttribute("primary", .boolean, "Whether it is the preferred one; true at most once."),
            ]), "Postal addresses."
        ).severalValues,
    ]

    private static let belongings = [
        SCIMAttribute(
            "groups",
            .complex([
                SCIMAttribute("value", .string, "The group's id.").caseExact.readOnly,
                SCIMAttribute("$ref", .reference(["Group"]), "Where the group is.").caseExact.readOnly,
                SCIMAttribute("display", .string, "The group's name.").readOnly,
                SCIMAttribute("type", .string, "How the person is in it.").readOnly.among(["direct"]),
            ]), "The groups that the person is in; changed at the group."
        ).severalValues.readOnly,
        SCIMAttribute.several("entitlements", "Things that the person is entitled to."),
        SCIMAttribute.several("roles", "Roles. They set the role here where the setting scim.roles is on."),
        SCIMAttribute.several(
            "x509Certificates", "Certificates.",
            value: SCIMAttribute("value", .binary, "DER, in base64.").caseExact),
    ]
}

/// Enterprise user (RFC 7643 §4.3).
extension SCIMSchema {
    static let enterpriseUser = SCIMSchema(
        urn: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", name: "EnterpriseUser",
        summary: "What an enterprise knows of a person.",
        attributes: [
            SCIMAttribute("employeeNumber", .string, "The number of the employee."),
            SCIMAttribute("costCenter", .string, "The cost centre."),
            SCIMAttribute("organization", .string, "The organization."),
            SCIMAttribute("division", .string, "The division."),
            SCIMAttribute("department", .string, "The department."),
            SCIMAttribute(
                "manager",
                .complex([
                    SCIMAttribute("value", .string, "The manager's id.").caseExact,
                    SCIMAttribute("$ref", .reference(["User"]), "Where the manager is.").caseExact,
                    SCIMAttribute("displayName", .string, "The manager's name.").readOnly,
                ]), "The manager."),
        ])
}

/// Group (RFC 7643 §4.2). Members are people; a group is no member of a group here.
extension SCIMSchema {
    static let group = SCIMSchema(
        urn: "urn:ietf:params:scim:schemas:core:2.0:Group", name: "Group", summary: "A team.",
        attributes: [
            SCIMAttribute("displayName", .string, "The team's name, unique whatever its case.").required
                .unique("server"),
            SCIMAttribute(
                "members",
                .complex([
                    SCIMAttribute("value", .string, "The member's id.").caseExact.immutable,
                    SCIMAttribute("$ref", .reference(["User"]), "Where the member is.").caseExact.immutable,
                    SCIMAttribute("type", .string, "The member's type.").immutable.among(["User"]),
                ]), "The people in it."
            ).severalValues,
        ])
}
