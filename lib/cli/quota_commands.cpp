#include "cli/command.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"

namespace verso::cli {

namespace {

/// What an organisation has, and may have, as every command here answers it.
void show(Session& session, const Reader& reader) {
    const OrganisationId organisation = session.settings().organisation;
    const OrganisationUsage usage = must(reader.usage(organisation));
    const auto& quota = usage.quota;
    if (session.wants_json()) {
        JsonWriter json;
        json.begin_object().key("organisation").string(to_string(organisation));
        json.key("versions").number(usage.versions);
        json.key("resources").number(usage.resources);
        json.key("uniqueBytes").number(usage.unique_bytes).key("quota");
        if (quota)
            json.begin_object()
                .key("maxVersions")
                .number(quota->max_versions)
                .key("maxResources")
                .number(quota->max_resources)
                .key("maxUniqueBytes")
                .number(quota->max_unique_bytes)
                .end_object();
        else
            json.null();
        return session.answer(json.end_object().text());
    }
    const auto may_have = [&](std::uint64_t Quota::*most, std::string (*format)(std::uint64_t)) {
        return quota && (*quota).*most > 0 ? format(*quota.*most) : std::string("any");
    };
    Table table({"ORGANISATION " + to_string(organisation), "HAS", "MAY HAVE"});
    table.align(1, Table::Align::right).align(2, Table::Align::right);
    table.add(
        {"Versions", format_count(usage.versions), may_have(&Quota::max_versions, format_count)});
    table.add({"Resources", format_count(usage.resources),
               may_have(&Quota::max_resources, format_count)});
    table.add({"Documents, each once", format_bytes(usage.unique_bytes),
               may_have(&Quota::max_unique_bytes, format_bytes)});
    session.print(table.text());
}

class ShowQuota final : public Command {
    void declare(Declaration&) override {}

    [[nodiscard]] ExitCode run(Session& session) const override {
        show(session, session.snapshot());
        return ExitCode::done;
    }
};

class SetQuota final : public Command {
    void declare(Declaration& takes) override {
        takes.number("--versions", quota_.max_versions, "Of all its connections; 0: any number");
        takes.number("--resources", quota_.max_resources, "Of all its versions; 0: any number");
        takes.number("--bytes", quota_.max_unique_bytes,
                     "Of its documents, each different one counted once; 0: any number");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        if (quota_ == Quota{})
            throw UsageError{
                "say how much the organisation may have, as --versions 100; `verso quota remove` "
                "takes its quota away"};
        must(session.store_or_new().set_quota(session.settings().organisation, quota_));
        show(session, session.snapshot());
        return ExitCode::done;
    }

    Quota quota_;
};

class RemoveQuota final : public Command {
    void declare(Declaration&) override {}

    [[nodiscard]] ExitCode run(Session& session) const override {
        must(session.store().set_quota(session.settings().organisation, std::nullopt));
        show(session, session.snapshot());
        return ExitCode::done;
    }
};

}  // namespace

Commands quota_commands() {
    Commands commands;
    commands.push_back({"quota show", "Show what the organisation has, and what it may have",
                        "  verso quota show\n  verso quota show --json",
                        std::make_unique<ShowQuota>()});
    commands.push_back({"quota set",
                        "Say how much the organisation may have; what is not named: any",
                        "  verso quota set --versions 100\n"
                        "  verso quota set --resources 500000 --bytes 1000000000",
                        std::make_unique<SetQuota>()});
    commands.push_back({"quota remove", "Let the organisation have any number of everything",
                        "  verso quota remove", std::make_unique<RemoveQuota>()});
    return commands;
}

}  // namespace verso::cli
