#include "cli/command.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "server/tokens.hpp"

namespace verso::cli {

namespace {

class NewToken final : public Command {
    void declare(Declaration& takes) override {
        takes.list("--org", "UUID...", organisations_,
                   "The organisations that it is good for\n(default: that of VERSO_ORG)");
        takes.flag("--read-only", read_only_, "It may read and not write");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const std::vector<OrganisationId> organisations = read_organisations(session);
        const std::string token = server::new_token();
        const std::string entry = server::token_entry(token, organisations, !read_only_);
        if (session.wants_json()) {
            JsonWriter json;
            json.begin_object().key("token").string(token).key("entry").raw(entry).end_object();
            session.answer(json.text());
        } else if (session.settings().quiet) {
            session.print(token + '\n' + entry + '\n');
        } else {
            session.print("The token, which is shown this once and kept nowhere:\n  " + token +
                          "\nWhat to add to \"tokens\" in the file that `verso serve --auth FILE` "
                          "reads:\n  " +
                          entry + '\n');
        }
        return ExitCode::done;
    }

    [[nodiscard]] std::vector<OrganisationId> read_organisations(const Session& session) const {
        if (organisations_.empty()) return {session.settings().organisation};
        std::vector<OrganisationId> organisations;
        for (const std::string& text : organisations_) {
            const auto id = parse_id<OrganisationId>(text);
            if (!id)
                throw UsageError{"the organisation " + in_quotes(text) +
                                 " is no UUID; give one as " + default_organisation};
            organisations.push_back(*id);
        }
        return organisations;
    }

    std::vector<std::string> organisations_;
    bool read_only_ = false;
};

}  // namespace

Commands token_commands() {
    Commands commands;
    commands.push_back({"token new", "Make a token for clients of `verso serve`",
                        "  verso token new --org 0190a0c0-0000-7000-8000-000000000001\n"
                        "  verso token new --read-only --json",
                        std::make_unique<NewToken>()});
    return commands;
}

}  // namespace verso::cli
