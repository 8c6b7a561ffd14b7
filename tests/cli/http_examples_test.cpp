// Goal: what docs/http.md shows is what happens. Method: its commands are run by bash and curl
// against a real server, and what they print is held against what it shows.
#include "cli/serve_process.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace verso::cli;

namespace {

struct Example {
    std::string command;
    std::string shown;
};

/// The commands in the `console` blocks of a page, each with what follows it.
std::vector<Example> read_examples(std::istream& page) {
    std::vector<Example> examples;
    bool inside = false;
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("```"))
            inside = line == "```console";
        else if (inside && line.starts_with("$ "))
            examples.push_back({line.substr(2), {}});
        else if (inside)
            examples.back().shown += line + '\n';
    }
    return examples;
}

std::string without_last_newline(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

/// Whether a text is the shown one, in which `...` stands for anything.
bool matches(std::string_view text, std::string_view shown) {
    bool may_skip = false;
    for (;;) {
        const std::size_t dots = shown.find("...");
        const std::string_view piece = shown.substr(0, dots);
        const bool is_last = dots == shown.npos;
        if (is_last && may_skip) return text.ends_with(piece);
        const std::size_t at = may_skip                  ? text.find(piece)
                               : text.starts_with(piece) ? 0
                                                         : text.npos;
        if (at == text.npos) return false;
        text.remove_prefix(at + piece.size());
        if (is_last) return text.empty();
        shown.remove_prefix(dots + 3);
        may_skip = true;
    }
}

/// The commands whose output is not as it is shown.
std::vector<std::string> differences(const std::vector<Example>& examples) {
    const Workspace work;
    const ServeProcess server(work);
    std::string before =
        "set -e; export ORG=00000000-0000-7000-8000-000000000000 VERSO=" + server.url() + "\n";
    std::vector<std::string> wrong;
    for (const auto& [command, shown] : examples) {
        const bool assigns = shown.empty();
        if (assigns) {
            before += command + '\n';
            continue;
        }
        const Outcome outcome = work.run({"/bin/bash", "-c", before + command});
        if (outcome.code == 127) FAIL("curl is missing: install Debian's package curl");
        if (!matches(without_last_newline(outcome.out), without_last_newline(shown)))
            wrong.push_back(command + "\n" + outcome.out + outcome.err);
    }
    return wrong;
}

std::vector<Example> page() {
    std::ifstream in(VERSO_HTTP_PAGE);
    return read_examples(in);
}

}  // namespace

TEST_CASE("http examples: every command of docs/http.md answers what it shows", "[cli]") {
    const std::vector<Example> examples = page();
    CHECK(examples.size() >= 14);
    for (const std::string& wrong : differences(examples)) UNSCOPED_INFO(wrong);
    CHECK(differences(examples).empty());
}

TEST_CASE("http examples: a page that shows something else is found out", "[cli]") {
    std::vector<Example> examples = page();
    for (Example& each : examples)
        if (const auto at = each.shown.find("\"Pets\""); at != std::string::npos)
            each.shown.replace(at, 6, "\"Cats\"");
    CHECK(differences(examples).size() == 1);
}
