#include <verso/maintenance.hpp>

#include "cli/command.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"

namespace verso::cli {

namespace {

/// As `published, latest, default`.
std::string state_of(const ConnectionVersion& version) {
    std::string state = version.is_published() ? "published" : "draft";
    if (version.is_latest) state += ", latest";
    if (version.is_default) state += ", default";
    return state;
}

/// A command about one version.
class VersionCommand : public Command {
protected:
    void declare_version(Declaration& takes) {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("VERSION", version_, "The version's name");
    }

    /// What the command line names.
    struct Subject {
        Connection connection;
        ConnectionVersion version;

        [[nodiscard]] VersionKey key() const { return {connection.id, version.name}; }
        [[nodiscard]] std::string text() const {
            return "version " + in_quotes(version.name) + " of " + in_quotes(connection.name);
        }
    };

    [[nodiscard]] Subject subject(Session& session, const Reader& reader) const {
        Connection connection = session.connection(reader, connection_);
        ConnectionVersion version = session.version(reader, connection, version_);
        return {std::move(connection), std::move(version)};
    }

    static void answer(Session& session, const ConnectionVersion& version,
                       const std::string& confirmation) {
        if (session.wants_json())
            session.answer(to_json(version));
        else
            session.confirm(confirmation);
    }

    std::string connection_;
    std::string version_;
};

class CreateVersion final : public VersionCommand {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("NAME", version_, "The new version's name");
        takes.option("--from", "VERSION", from_,
                     "The version that it is a clone of (default: it is empty)");
        takes.option("--at", "COMMIT", at_,
                     "The commit of its log that it is a clone of; without --from one that a lease "
                     "keeps");
        takes.option("--description", "TEXT", description_, "What it is about");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Connection connection = session.connection(session.snapshot(), connection_);
        Store& store = session.store();
        const Stopwatch watch;
        auto created =
            store.create_version(connection.id, {.name = version_,
                                                 .from_version = from_,
                                                 .from_commit = at_ ? parse_commit(*at_) : 0,
                                                 .description = description_.value_or("")});
        const std::string duration = watch.text();
        if (!created && created.error().code == Errc::from_version_not_found && from_)
            static_cast<void>(
                session.version(session.snapshot(), connection, *from_));  // says it with names
        const ConnectionVersion made = must(std::move(created));
        std::string text =
            "Created version " + in_quotes(made.name) + " of " + in_quotes(connection.name);
        if (from_ || at_)
            text += ", a clone of " + (from_ ? in_quotes(*from_) : "commit " + *at_) + " with " +
                    counted(count_resources(session.snapshot(), {connection.id, made.name}),
                            "resource");
        answer(session, made, text + ", in " + duration);
        return ExitCode::done;
    }

    std::optional<std::string> from_;
    std::optional<std::string> at_;
    std::optional<std::string> description_;
};

class ListVersions final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.number("--first", first_, "How many at most (default: 20; 0: all)");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        const auto total = must(snapshot.count_versions(connection.id));
        const auto versions = must(snapshot.versions(
            connection.id, first_ == 0 ? ListOptions{} : ListOptions{.first = first_}));
        if (session.wants_json()) {
            JsonWriter json;
            json.begin_object().key("totalCount").number(total).key("items").begin_array();
            for (const ConnectionVersion& each : versions) json.raw(to_json(each));
            session.answer(json.end_array().end_object().text());
        } else if (versions.empty()) {
            session.confirm(in_quotes(connection.name) +
                            " has no versions; `verso version create` creates one");
        } else {
            print_table(session, snapshot, connection, versions);
            if (versions.size() < total)
                session.confirm("The first " + format_count(versions.size()) + " of " +
                                format_count(total) + "; --first 0 shows all");
        }
        return ExitCode::done;
    }

    static void print_table(Session& session, const Reader& reader, const Connection& connection,
                            const std::vector<ConnectionVersion>& versions) {
        Table table({"NAME", "STATE", "RESOURCES", "REVISION", "UPDATED (UTC)", "DESCRIPTION"});
        table.align(2, Table::Align::right).align(3, Table::Align::right);
        for (const ConnectionVersion& each : versions)
            table.add({shown(each.name), state_of(each),
                       format_count(count_resources(reader, {connection.id, each.name})),
                       format_count(each.revision), format_time(each.updated_at),
                       abbreviated(shown(each.description), 40)});
        session.print(table.text());
    }

    std::string connection_;
    std::size_t first_ = 20;
};

class ShowVersion final : public VersionCommand {
    void declare(Declaration& takes) override {
        declare_version(takes);
        takes.flag("--size", sizes_, "Count what only it holds, which goes when it is deleted");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Snapshot snapshot = session.snapshot();
        const Subject shown_one = subject(session, snapshot);
        std::optional<std::uint64_t> only_here;
        if (sizes_) only_here = must(bytes_only_here(session.store(), shown_one.key()));
        if (session.wants_json())
            session.answer(with_size(to_json(shown_one.version), only_here));
        else
            print_table(session, snapshot, shown_one, only_here);
        return ExitCode::done;
    }

    static std::string with_size(std::string json, const std::optional<std::uint64_t>& only_here) {
        if (!only_here) return json;
        json.pop_back();
        return json.append(",\"bytesOnlyHere\":").append(std::to_string(*only_here)).append("}");
    }

    static void print_table(Session& session, const Reader& reader, const Subject& subject,
                            const std::optional<std::uint64_t>& only_here) {
        const ConnectionVersion& version = subject.version;
        Table table;
        table.add({"Version", shown(version.name)});
        table.add({"Connection", shown(subject.connection.name)});
        table.add({"State", state_of(version)});
        table.add({"Description", shown(version.description)});
        table.add({"Id", to_string(version.id)});
        table.add({"Created", format_time(version.created_at) + " UTC"});
        table.add({"Updated", format_time(version.updated_at) + " UTC"});
        if (version.published_at)
            table.add({"Published", format_time(*version.published_at) + " UTC"});
        table.add({"Revision", format_count(version.revision)});
        table.add({"Resources", format_count(count_resources(reader, subject.key()))});
        table.add({"Digest", to_string(must(reader.digest(subject.key())))});
        if (only_here) table.add({"Only here", format_bytes(*only_here)});
        session.print(table.text());
    }

    bool sizes_ = false;
};

class PublishVersion final : public VersionCommand {
    void declare(Declaration& takes) override { declare_version(takes); }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Subject draft = subject(session, session.snapshot());
        const Stopwatch watch;
        const ConnectionVersion published = must(session.store().publish(draft.key()));
        answer(session, published,
               draft.version.is_published() ? "Published already: " + draft.text()
                                            : "Published " + draft.text() + ", in " + watch.text());
        return ExitCode::done;
    }
};

class UnpublishVersion final : public VersionCommand {
    void declare(Declaration& takes) override { declare_version(takes); }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Subject published = subject(session, session.snapshot());
        const ConnectionVersion draft = must(session.store().unpublish(published.key()));
        answer(session, draft,
               published.version.is_draft() ? "A draft already: " + published.text()
                                            : "A draft again: " + published.text());
        return ExitCode::done;
    }
};

class ChooseDefault final : public VersionCommand {
    void declare(Declaration& takes) override {
        declare_version(takes);
        takes.flag("--clear", clear_, "Choose none instead, so that `default` is `latest`");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Subject chosen = subject(session, session.snapshot());
        const ConnectionVersion after =
            must(session.store().update_version(chosen.key(), {.is_default = !clear_}));
        answer(session, after,
               clear_ ? "The default of " + in_quotes(chosen.connection.name) +
                            " is its latest version again"
                      : "The default of " + in_quotes(chosen.connection.name) + " is " +
                            in_quotes(after.name));
        return ExitCode::done;
    }

    bool clear_ = false;
};

class UpdateVersion final : public VersionCommand {
    void declare(Declaration& takes) override {
        declare_version(takes);
        takes.option("--name", "NAME", name_, "Its new name; a draft's only");
        takes.option("--description", "TEXT", description_, "Its new description");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        if (!name_ && !description_)
            throw UsageError{"nothing to update; give --name or --description"};
        const Subject before = subject(session, session.snapshot());
        const ConnectionVersion after = must(session.store().update_version(
            before.key(), {.name = name_, .description = description_}));
        const bool renamed = after.name != before.version.name;
        answer(session, after,
               renamed ? "Renamed " + before.text() + " to " + in_quotes(after.name)
                       : "Updated " + before.text());
        return ExitCode::done;
    }

    std::optional<std::string> name_;
    std::optional<std::string> description_;
};

class DeleteVersion final : public VersionCommand {
    void declare(Declaration& takes) override {
        declare_version(takes);
        takes.flag("--force", force_, "Also when it is published");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Subject gone = subject(session, session.snapshot());
        if (gone.version.is_published() && !force_)
            fail(Errc::version_published,
                 gone.text() + " is published; --force deletes it all the same");
        const Stopwatch watch;
        must(session.store().delete_version(gone.key(), force_));
        const std::string duration = watch.text();
        if (session.wants_json())
            session.answer(JsonWriter()
                               .begin_object()
                               .key("deleted")
                               .raw(to_json(gone.version))
                               .end_object()
                               .text());
        else
            session.confirm("Deleted " + gone.text() + ", in " + duration);
        return ExitCode::done;
    }

    bool force_ = false;
};

}  // namespace

Commands version_commands() {
    Commands commands;
    commands.push_back(
        {"version create", "Create a draft, empty or as a clone of another version",
         "  verso version create Harbour 1.0.0\n"
         "  verso version create Harbour 1.1.0 --from latest --description 'The summer release'",
         std::make_unique<CreateVersion>()});
    commands.push_back(
        {"version list", "List versions, the most recently updated first",
         "  verso version list Harbour\n  verso version list Harbour --first 5 --json",
         std::make_unique<ListVersions>()});
    commands.push_back(
        {"version show", "Show a version",
         "  verso version show Harbour 1.0.0\n  verso version show Harbour latest --size",
         std::make_unique<ShowVersion>()});
    commands.push_back({"version publish", "Publish a draft: it stays as it is from then on",
                        "  verso version publish Harbour 1.1.0",
                        std::make_unique<PublishVersion>()});
    commands.push_back({"version unpublish", "Make a draft of a published version again",
                        "  verso version unpublish Harbour 1.1.0",
                        std::make_unique<UnpublishVersion>()});
    commands.push_back(
        {"version default", "Choose the published version that `default` stands for",
         "  verso version default Harbour 1.0.0\n  verso version default Harbour 1.0.0 --clear",
         std::make_unique<ChooseDefault>()});
    commands.push_back(
        {"version update", "Rename a draft, or describe a version",
         "  verso version update Harbour 1.1.0 --name 1.2.0\n"
         "  verso version update Harbour 1.1.0 --description 'With berth maintenance'",
         std::make_unique<UpdateVersion>()});
    commands.push_back(
        {"version delete", "Delete a version",
         "  verso version delete Harbour 1.1.0\n  verso version delete Harbour 1.0.0 --force",
         std::make_unique<DeleteVersion>()});
    return commands;
}

}  // namespace verso::cli
