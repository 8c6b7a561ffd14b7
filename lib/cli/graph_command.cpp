#include "cli/command.hpp"
#include "cli/graph_drawing.hpp"
#include "cli/replaced_file.hpp"
#include "cli/text.hpp"
#include "cli/version_graph.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"

#include <filesystem>

namespace verso::cli {

namespace {

class Graph final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.option("-o,--output", "FILE", output_,
                     "Draw it into a file: an image (.svg) or a Mermaid flowchart (.mmd)");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const auto draw = drawing();
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        const auto origins = must(snapshot.lineage(connection.id));
        const VersionGraph graph = read_graph(snapshot, connection.id, origins);
        if (output_) {
            ReplacedFile file(*output_);
            file.write(draw(graph));
            file.commit();
        }
        if (session.wants_json())
            answer(session, graph, origins);
        else if (output_)
            session.confirm("Drew " + counted(origins.size(), "version") + " of " +
                            in_quotes(connection.name) + " into " + shown(*output_));
        else if (graph.nodes.empty())
            session.confirm(in_quotes(connection.name) + " has no versions yet");
        else
            session.print(draw(graph));
        return ExitCode::done;
    }

    using Drawing = std::string (*)(const VersionGraph&);

    [[nodiscard]] Drawing drawing() const {
        if (!output_) return draw_text;
        const std::string extension = std::filesystem::path(*output_).extension().string();
        if (extension == ".svg") return draw_svg;
        if (extension == ".mmd" || extension == ".mermaid") return draw_mermaid;
        throw UsageError{"what " + in_quotes(*output_) +
                         " is to hold is not clear; name it .svg for an image or .mmd for Mermaid"};
    }

    static void answer(Session& session, const VersionGraph& graph,
                       const std::vector<VersionOrigin>& origins) {
        JsonWriter json;
        json.begin_object().key("versions").begin_array();
        for (const VersionOrigin& each : origins) json.raw(to_json(each));
        json.end_array().key("merges").begin_array();
        for (const auto& [from, into] : graph.merges) {
            json.begin_object().key("from").string(graph.nodes[from].version->name);
            json.key("into").string(graph.nodes[into].version->name).end_object();
        }
        session.answer(json.end_array().end_object().text());
    }

    std::string connection_;
    std::optional<std::string> output_;
};

}  // namespace

Commands graph_commands() {
    Commands commands;
    commands.push_back({"graph", "Draw which version came from which, and what was merged",
                        "  verso graph Harbour\n  verso graph Harbour --output harbour.svg",
                        std::make_unique<Graph>()});
    return commands;
}

}  // namespace verso::cli
