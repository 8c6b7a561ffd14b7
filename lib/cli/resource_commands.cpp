#include "cli/command.hpp"
#include "cli/resource_facts.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_outline.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"
#include "domain/resource_reader.hpp"

namespace verso::cli {

namespace {

/// A command about resources of one version.
class ResourceCommand : public Command {
protected:
    void declare_version(Declaration& takes) {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("VERSION", version_, "The version's name");
    }
    void declare_kind(Declaration& takes) {
        declare_version(takes);
        takes.required("KIND", kind_, "action, definition, trigger, parameter or a further kind");
    }
    void declare_resource(Declaration& takes) {
        declare_kind(takes);
        takes.required("NAME", name_, "The resource's name");
    }

    [[nodiscard]] VersionKey key(const Session& session, const Reader& reader) const {
        const Connection connection = session.connection(reader, connection_);
        static_cast<void>(session.version(reader, connection, version_));
        return {connection.id, version_};
    }
    [[nodiscard]] Kind kind() const { return parse_kind_argument(kind_); }
    /// The error, with what shows the names that there are.
    [[nodiscard]] static Error with_hint(Error error) {
        if (error.code == Errc::resource_not_found)
            error.message += "; `verso list` shows those there are";
        return error;
    }
    [[nodiscard]] std::string where() const {
        return in_quotes(version_) + " of " + in_quotes(connection_);
    }

    std::string connection_;
    std::string version_;
    std::string kind_;
    std::string name_;
};

class GetResource final : public ResourceCommand {
    void declare(Declaration& takes) override {
        declare_resource(takes);
        takes.option("--at", "COMMIT", at_, "As it was at this commit of the version's log");
        takes.flag("--compact", compact_, "Exactly as it is stored, on a terminal too");
        takes.flag("--pretty", pretty_, "Laid out, off a terminal too");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        if (compact_ && pretty_)
            throw UsageError{"--compact and --pretty exclude each other; give one"};
        const Kind wanted = kind();
        const Snapshot snapshot = session.snapshot();
        VersionKey version = key(session, snapshot);
        if (at_) version.commit = parse_commit(*at_);
        auto found = snapshot.describe_resource(version, wanted, name_);
        if (!found) fail(with_hint(found.error()));
        const DescribedResource described = std::move(*found);
        using Layout = Output::Layout;
        const Layout layout = compact_  ? Layout::compact
                              : pretty_ ? Layout::pretty
                                        : Layout::suited;
        session.output().print_json(
            session.wants_json() ? to_json(described) : described.resource.document.text(), layout);
        return ExitCode::done;
    }

    std::optional<std::string> at_;
    bool compact_ = false;
    bool pretty_ = false;
};

/// What a put did to a version.
struct PutOutcome {
    Resource resource;
    std::optional<Resource> before;
    ConnectionVersion version;

    [[nodiscard]] std::string verb() const {
        if (!before) return "Created";
        if (before->name != resource.name) return "Renamed " + in_quotes(before->name) + " to";
        return before->document == resource.document ? "Left as it was:" : "Changed";
    }
};

class PutResource final : public ResourceCommand {
    void declare(Declaration& takes) override {
        declare_kind(takes);
        takes.required("FILE", file_, "Its JSON document; - is standard input");
        takes.option("--name", "NAME", given_name_,
                     "Its name, for the kinds whose documents hold none");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Kind wanted = kind();
        if (has_shape(wanted) && given_name_)
            throw UsageError{"the name of " + std::string(to_string(wanted)) +
                             " stands in its document; leave --name out"};
        if (!has_shape(wanted) && !given_name_)
            throw UsageError{"the document of " + std::string(to_string(wanted)) +
                             " holds no name; give --name"};
        const Document document = read_document(file_);
        const VersionKey version = key(session, session.snapshot());

        const Stopwatch watch;
        const PutOutcome outcome = put(session.store(), version, wanted, document);
        const std::string duration = watch.text();
        const DescribedResource described =
            must(session.snapshot().describe_resource(version, wanted, outcome.resource.name));
        if (session.wants_json()) {
            session.answer(to_json(described));
            return ExitCode::done;
        }
        session.confirm(outcome.verb() + ' ' + std::string(to_string(wanted)) + ' ' +
                        in_quotes(outcome.resource.name) + " in " + where() + " (revision " +
                        format_count(outcome.version.revision) + "), in " + duration);
        for (const Finding& finding : described.errors.value_or(std::vector<Finding>{}))
            session.confirm("  " + std::string(to_string(finding.severity)) + ": " + finding.field +
                            ' ' + finding.message);
        return ExitCode::done;
    }

    [[nodiscard]] PutOutcome put(Store& store, const VersionKey& version, Kind wanted,
                                 const Document& document) const {
        PutOutcome outcome;
        outcome.version = must(store.edit(version, [&](Draft& draft) -> Result<void> {
            return guarded([&] {
                outcome.before = find_before(draft, wanted, document);
                outcome.resource = must(given_name_ ? draft.put(wanted, *given_name_, document)
                                                    : draft.put(wanted, document));
            });
        }));
        return outcome;
    }

    /// What the document is to replace: what has its id, or else its name.
    [[nodiscard]] std::optional<Resource> find_before(const Draft& draft, Kind wanted,
                                                      const Document& document) const {
        if (given_name_) return must(draft.find(wanted, *given_name_));
        const StoredDocument stored = must(to_stored_document(wanted, document));
        return must(stored.id ? draft.find(*stored.id) : draft.find(wanted, stored.name));
    }

    std::string file_;
    std::optional<std::string> given_name_;
};

class RemoveResource final : public ResourceCommand {
    void declare(Declaration& takes) override {
        declare_resource(takes);
        takes.flag("--force", force_, "Also when others refer to it, whose references then dangle");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Kind wanted = kind();
        const VersionKey version = key(session, session.snapshot());
        Resource gone;
        const Stopwatch watch;
        const ConnectionVersion after =
            must(session.store().edit(version, [&](Draft& draft) -> Result<void> {
                auto found = draft.get(wanted, name_);
                if (!found) return with_hint(found.error());
                gone = std::move(*found);
                return draft.erase(wanted, name_, force_);
            }));
        const std::string duration = watch.text();
        if (session.wants_json())
            session.answer(
                JsonWriter().begin_object().key("deleted").raw(to_json(gone)).end_object().text());
        else
            session.confirm("Removed " + std::string(to_string(wanted)) + ' ' + in_quotes(name_) +
                            " from " + where() + " (revision " + format_count(after.revision) +
                            "), in " + duration);
        return ExitCode::done;
    }

    bool force_ = false;
};

class ListResources final : public ResourceCommand {
    void declare(Declaration& takes) override {
        declare_version(takes);
        takes.optional("KIND", wanted_kind_,
                       "Which ones to list (default: how many there are of each kind)");
        takes.flag("--name-only", name_only_, "Names and nothing else, one a line");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        std::optional<Kind> wanted;
        if (wanted_kind_) wanted = parse_kind_argument(*wanted_kind_);
        if (!wanted && name_only_) throw UsageError{"--name-only wants a KIND, as action"};
        const Snapshot snapshot = session.snapshot();
        const VersionKey version = key(session, snapshot);
        if (!wanted)
            session.wants_json() ? count_as_json(session, snapshot, version)
                                 : count(session, snapshot, version);
        else
            session.wants_json() ? list_as_json(session, snapshot, version, *wanted)
                                 : list(session, snapshot, version, *wanted);
        return ExitCode::done;
    }

    static void count(Session& session, const Reader& reader, const VersionKey& version) {
        Table table;
        table.align(0, Table::Align::right);
        std::uint64_t total = 0;
        for (const Kind kind : all_kinds) {
            const std::uint64_t count = must(reader.count_resources(version, kind));
            total += count;
            if (count > 0)
                table.add({format_count(count),
                           count == 1 ? std::string(to_string(kind)) : plural(kind)});
        }
        table.add({format_count(total), "in all"});
        session.print(table.text());
    }

    static void count_as_json(Session& session, const Reader& reader, const VersionKey& version) {
        JsonWriter json;
        json.begin_object().key("totalCount").number(count_resources(reader, version));
        json.key("counts").begin_object();
        for (const Kind kind : all_kinds)
            json.key(to_string(kind)).number(must(reader.count_resources(version, kind)));
        session.answer(json.end_object().end_object().text());
    }

    void list(Session& session, const Reader& reader, const VersionKey& version,
              Kind wanted) const {
        Table table;
        must(reader.each_resource(version, wanted, [&](const ResourceView& each) {
            if (name_only_)
                session.print(shown(each.name) + '\n');
            else
                table.add({shown(each.name), facts(each.kind, each.document)});
            return true;
        }));
        session.print(table.text());
    }

    static void list_as_json(Session& session, const Reader& reader, const VersionKey& version,
                             Kind wanted) {
        JsonWriter json;
        json.begin_object().key("totalCount").number(must(reader.count_resources(version, wanted)));
        json.key(plural(wanted)).begin_array();
        for (const Resource& each : must(reader.resources(version, wanted)))
            json.raw(to_json(each));
        session.answer(json.end_array().end_object().text());
    }

    std::optional<std::string> wanted_kind_;
    bool name_only_ = false;
};

}  // namespace

Commands resource_commands() {
    Commands commands;
    commands.push_back({"list", "List the resources of a version",
                        "  verso list Harbour 1.0.0\n  verso list Harbour 1.0.0 action",
                        std::make_unique<ListResources>()});
    commands.push_back({"get", "Print a resource's document",
                        "  verso get Harbour latest action listBerths\n"
                        "  verso get Harbour 1.0.0 definition Berth > berth.json",
                        std::make_unique<GetResource>()});
    commands.push_back(
        {"put", "Create or replace a resource of a draft",
         "  verso put Harbour 1.1.0 definition berth.json\n"
         "  verso get Harbour 1.0.0 action listBerths | verso put Harbour 1.1.0 action -\n"
         "  verso put Harbour 1.1.0 example berth.json --name Berth",
         std::make_unique<PutResource>()});
    commands.push_back({"rm", "Remove a resource from a draft",
                        "  verso rm Harbour 1.1.0 action listBerths",
                        std::make_unique<RemoveResource>()});
    return commands;
}

}  // namespace verso::cli
