#include <verso/openapi.hpp>

#include "cli/command.hpp"
#include "cli/pretty_json.hpp"
#include "cli/progress.hpp"
#include "cli/replaced_file.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"

namespace verso::cli {

namespace {

class Export final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("VERSION", version_, "The version's name");
        takes.option("-o,--output", "FILE", output_,
                     "Where to write it, all or nothing; else, or for -, to standard output");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Stopwatch watch;
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        const ConnectionVersion version = session.version(snapshot, connection, version_);
        const std::string text = pretty_json(describe(session, snapshot, connection)) + '\n';
        if (!output_ || *output_ == "-") {
            session.print(text);
            return ExitCode::done;
        }
        ReplacedFile file(*output_);
        file.write(text);
        file.commit();
        if (session.wants_json())
            session.answer(to_json(text.size(), version.name));
        else
            session.confirm("Exported version " + in_quotes(version.name) + " of " +
                            in_quotes(connection.name) + " to " + shown(*output_) + ", " +
                            format_bytes(text.size()) + " in " + watch.text());
        return ExitCode::done;
    }

    [[nodiscard]] std::string describe(const Session& session, const Snapshot& snapshot,
                                       const Connection& connection) const {
        const Settings& settings = session.settings();
        Progress progress("Exporting", !settings.quiet && !settings.json);
        return must(
            export_openapi(snapshot, {connection.id, version_}, {.progress = progress.callback()}));
    }

    [[nodiscard]] std::string to_json(std::size_t bytes, std::string_view version) const {
        JsonWriter json;
        json.begin_object().key("version").string(version).key("file").string(*output_);
        json.key("bytes").number(std::uint64_t{bytes}).end_object();
        return std::move(json).take();
    }

    std::string connection_;
    std::string version_;
    std::optional<std::string> output_;
};

}  // namespace

Commands export_commands() {
    Commands commands;
    commands.push_back({"export", "Write a version as an OpenAPI document",
                        "  verso export Harbour latest\n"
                        "  verso export Harbour 1.1.0 --output harbour-1.1.0.json",
                        std::make_unique<Export>()});
    return commands;
}

}  // namespace verso::cli
