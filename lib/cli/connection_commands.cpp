#include "cli/command.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"

namespace verso::cli {

namespace {

/// Properties as a command line gives them: JSON, or @ and the file that holds it.
Document read_properties(const std::string& text) {
    if (text.starts_with('@')) return read_document(text.substr(1));
    auto properties = Document::parse(text);
    if (!properties) fail(properties.error().code, "--properties: " + properties.error().message);
    return std::move(*properties);
}

class CreateConnection final : public Command {
    void declare(Declaration& takes) override {
        takes.required("NAME", name_, "Its name, unique in the organisation");
        takes.option("--properties", "JSON|@FILE", properties_,
                     "An object of what belongs to it, as its baseUrl");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const NewConnection wanted{.name = name_,
                                   .properties = read_properties(properties_.value_or("{}"))};
        Store& store = session.store_or_new();
        const Stopwatch watch;
        const Connection made =
            must(store.create_connection(session.settings().organisation, wanted));
        const std::string duration = watch.text();
        if (session.wants_json())
            session.answer(to_json(made));
        else
            session.confirm("Created connection " + in_quotes(made.name) + " (" +
                            to_string(made.id) + ") in " + duration);
        return ExitCode::done;
    }

    std::string name_;
    std::optional<std::string> properties_;
};

class ListConnections final : public Command {
    void declare(Declaration&) override {}

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Snapshot snapshot = session.snapshot();
        const auto connections = must(snapshot.connections(session.settings().organisation));
        if (session.wants_json())
            print_json(session, connections);
        else
            print_table(session, snapshot, connections);
        return ExitCode::done;
    }

    static void print_json(Session& session, const std::vector<Connection>& connections) {
        JsonWriter json;
        json.begin_object().key("totalCount").number(connections.size()).key("items").begin_array();
        for (const Connection& each : connections) json.raw(to_json(each));
        json.end_array().end_object();
        session.answer(json.text());
    }

    static void print_table(Session& session, const Reader& reader,
                            const std::vector<Connection>& connections) {
        if (connections.empty()) {
            session.confirm("No connections; `verso connection create NAME` creates one");
            return;
        }
        Table table({"NAME", "VERSIONS", "UPDATED (UTC)", "ID"});
        table.align(1, Table::Align::right);
        for (const Connection& each : connections)
            table.add({shown(each.name), format_count(must(reader.count_versions(each.id))),
                       format_time(each.updated_at), to_string(each.id)});
        session.print(table.text());
    }
};

class ShowConnection final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "Its name or id");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        if (session.wants_json()) {
            session.answer(to_json(connection));
            return ExitCode::done;
        }
        Table table;
        table.add({"Connection", shown(connection.name)});
        table.add({"Id", to_string(connection.id)});
        table.add({"Organisation", to_string(connection.organisation)});
        table.add({"Versions", format_count(must(snapshot.count_versions(connection.id)))});
        table.add({"Created", format_time(connection.created_at) + " UTC"});
        table.add({"Updated", format_time(connection.updated_at) + " UTC"});
        table.add({"Properties", shown(connection.properties.text())});
        session.print(table.text());
        return ExitCode::done;
    }

    std::string connection_;
};

class UpdateConnection final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "Its name or id");
        takes.option("--name", "NAME", name_, "Its new name");
        takes.option("--properties", "JSON|@FILE", properties_,
                     "An object, in the place of the one that it has");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        if (!name_ && !properties_)
            throw UsageError{"nothing to update; give --name or --properties"};
        std::optional<Document> properties;
        if (properties_) properties = read_properties(*properties_);
        const Connection before = session.connection(session.snapshot(), connection_);
        const Connection after = must(session.store().write([&](Transaction& transaction) {
            const Connection now = transaction.connection(before.id).value();
            return transaction.update_connection(before.id, name_.value_or(now.name),
                                                 properties.value_or(now.properties));
        }));
        if (session.wants_json())
            session.answer(to_json(after));
        else if (after.name != before.name)
            session.confirm("Renamed connection " + in_quotes(before.name) + " to " +
                            in_quotes(after.name));
        else
            session.confirm("Updated connection " + in_quotes(before.name));
        return ExitCode::done;
    }

    std::string connection_;
    std::optional<std::string> name_;
    std::optional<std::string> properties_;
};

class DeleteConnection final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "Its name or id");
        takes.flag("--force", force_, "Also when it has versions, which go with it");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Connection gone = session.connection(session.snapshot(), connection_);
        auto deleted = session.store().delete_connection(gone.id, force_);
        if (!deleted && deleted.error().code == Errc::connection_has_versions)
            fail(Errc::connection_has_versions,
                 "connection \"" + gone.name +
                     "\" has versions; --force deletes it with all of them");
        must(std::move(deleted));
        if (session.wants_json())
            session.answer(
                JsonWriter().begin_object().key("deleted").raw(to_json(gone)).end_object().text());
        else
            session.confirm("Deleted connection " + in_quotes(gone.name));
        return ExitCode::done;
    }

    std::string connection_;
    bool force_ = false;
};

}  // namespace

Commands connection_commands() {
    Commands commands;
    commands.push_back({"connection create", "Create a connection, and the store if there is none",
                        "  verso connection create Harbour\n"
                        "  verso connection create Harbour --properties "
                        "'{\"baseUrl\":\"https://api.harbour.example\"}'",
                        std::make_unique<CreateConnection>()});
    commands.push_back({"connection list", "List the organisation's connections, the oldest first",
                        "  verso connection list\n  verso connection list --json",
                        std::make_unique<ListConnections>()});
    commands.push_back({"connection show", "Show a connection and its properties",
                        "  verso connection show Harbour", std::make_unique<ShowConnection>()});
    commands.push_back({"connection update", "Rename a connection, or replace its properties",
                        "  verso connection update Harbour --name 'Harbour API'\n"
                        "  verso connection update Harbour --properties @harbour.json",
                        std::make_unique<UpdateConnection>()});
    commands.push_back(
        {"connection delete", "Delete a connection",
         "  verso connection delete Harbour\n  verso connection delete Harbour --force",
         std::make_unique<DeleteConnection>()});
    return commands;
}

}  // namespace verso::cli
