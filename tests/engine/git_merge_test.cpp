// Goal: what people know from git holds here: of changes on two sides the same come together, and
// the same resources conflict.
// Method: random edits of two clones of one version, and the same edits of two branches, a resource
// being a file with a line for each member. `git merge-tree` and our merge must agree on which
// resources conflict, and on what the others hold then. Lines that never change stand between the
// members, since git takes changes of neighbouring lines for one change, and we do not. What both
// sides add is one file there; here it is two resources of one name, or one resource that both
// picked. The latter keeps all its members: additions have no base, and then git takes each
// difference for a conflict, where we take a member that only one side has. Not modelled: renames,
// which git guesses and we know, and so what is deleted and added again under its name.
#include "engine/fixture.hpp"
#include "less_if_sanitized.hpp"
#include "read_file.hpp"
#include "storage/temporary_folder.hpp"

#include <boost/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <sstream>

using namespace verso;
using namespace verso::engine;

namespace {

constexpr int members = 5;
constexpr auto added_apart = "apart";      // by both sides, as two resources
constexpr auto added_as_one = "together";  // by both sides, as one resource
using Random = std::mt19937_64;
using Members = std::map<std::string, int>;
using Examples = std::map<std::string, Members>;  // by the resources' names

int pick(Random& random, int count) { return static_cast<int>(random() % std::uint64_t(count)); }

/// One version and its two clones after their edits.
struct Case {
    Examples base;
    Examples ours;
    Examples theirs;
};

Members random_members(Random& random) {
    Members made;
    for (int at = 0; at < members; ++at)
        if (pick(random, 3) > 0) made["m" + std::to_string(at)] = pick(random, 9);
    return made;
}

/// What `added_as_one` is before a side changes it.
Members picked_members() {
    Members made;
    for (int at = 0; at < members; ++at) made["m" + std::to_string(at)] = 0;
    return made;
}

/// Adds what the other side may add as well.
void add_shared(Examples& content, Random& random) {
    if (pick(random, 3) == 0)
        content[added_apart] = pick(random, 4) > 0 ? Members{{"m0", 1}} : random_members(random);
    if (pick(random, 3) == 0) content[added_as_one] = picked_members();
}

/// Changes a few things; what only this side may add has names of `side`.
void edit(Examples& content, const std::string& side, Random& random) {
    add_shared(content, random);
    for (int left = pick(random, 9); left > 0; --left) {
        const int what = pick(random, 10);
        if (what == 0) {
            content[side + std::to_string(pick(random, 3))] = random_members(random);
            continue;
        }
        if (content.empty()) continue;
        const auto resource = std::next(content.begin(), pick(random, int(content.size())));
        if (what == 1) {
            content.erase(resource);
            continue;
        }
        const std::string member = "m" + std::to_string(pick(random, members));
        if (what < 4 && resource->first != added_as_one)
            resource->second.erase(member);
        else
            resource->second[member] = pick(random, 3);
    }
}

std::vector<Case> make_cases(std::size_t count, Random& random) {
    std::vector<Case> cases;
    for (std::size_t i = 0; i < count; ++i) {
        Case made;
        for (int at = 0; at < 4; ++at) made.base["r" + std::to_string(at)] = random_members(random);
        made.ours = made.theirs = made.base;
        edit(made.ours, "o", random);
        edit(made.theirs, "t", random);
        cases.push_back(std::move(made));
    }
    return cases;
}

/// What a merge came to.
struct Outcome {
    std::set<std::string> conflicts;
    Examples content;  ///< Of what does not conflict.

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Git

std::string to_file(const std::string& name, const Members& resource) {
    std::string text;
    for (int at = 0; at < members; ++at) {
        const std::string member = "m" + std::to_string(at);
        const auto found = resource.find(member);
        const std::string pad = "between " + name + ' ' + member + '\n';
        text += "before " + pad + "just before " + pad;
        if (found != resource.end()) text += member + '=' + std::to_string(found->second) + '\n';
        text += "just after " + pad + "after " + pad;
    }
    return text;
}

Members from_file(const std::string& text) {
    Members resource;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (const auto equals = line.find('='); equals != line.npos)
            resource[line.substr(0, equals)] = std::stoi(line.substr(equals + 1));
    return resource;
}

/// A repository, and how git is run in it: without the environment, which may name another
/// repository where the tests run from a hook, or from a program with settings of its own.
class Git {
public:
    Git() { run("init --quiet --bare .", ""); }

    /// Answers what git prints, given `input`.
    std::string run(const std::string& arguments, const std::string& input) const {
        const auto in = (folder_ / "in").string();
        const auto out = (folder_ / "out").string();
        const auto err = (folder_ / "err").string();
        std::ofstream(in, std::ios::binary) << input;
        const std::string command =
            "cd " + folder_.path().string() +
            R"( && env -i PATH="$PATH" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null)"
            " git --git-dir=. -c merge.renames=false " +
            arguments + " < " + in + " > " + out + " 2> " + err;
        const int status = std::system(command.c_str());
        INFO(test::read_file(err));
        REQUIRE(status == 0);
        return test::read_file(out);
    }

private:
    storage::TemporaryFolder folder_;
};

void import_commit(std::string& stream, const std::string& branch, const std::string& parent,
                   const Examples& content) {
    stream += "commit refs/heads/" + branch + "\ncommitter a <a@b.example> 1 +0000\ndata 0\n\n";
    if (!parent.empty()) stream += "from refs/heads/" + parent + "\ndeleteall\n";
    for (const auto& [name, resource] : content) {
        const std::string text = to_file(name, resource);
        stream += "M 100644 inline " + name + "\ndata " + std::to_string(text.size()) + '\n' +
                  text + '\n';
    }
    stream += '\n';
}

/// Takes what stands before the next NUL.
std::string take(std::string_view& text) {
    const auto end = text.find('\0');
    REQUIRE(end != text.npos);
    const std::string taken(text.substr(0, end));
    text.remove_prefix(end + 1);
    return taken;
}

std::vector<Outcome> merge_by_git(const std::vector<Case>& cases) {
    const Git git;
    std::string stream;
    std::string merges;
    for (std::size_t at = 0; at < cases.size(); ++at) {
        const std::string number = std::to_string(at);
        import_commit(stream, "b" + number, "", cases[at].base);
        import_commit(stream, "o" + number, "b" + number, cases[at].ours);
        import_commit(stream, "t" + number, "b" + number, cases[at].theirs);
        merges += "o" + number + " t" + number + '\n';
    }
    git.run("fast-import --quiet", stream);
    const std::string merged = git.run("merge-tree --stdin --name-only --no-messages", merges);
    std::string_view rest = merged;
    std::vector<Outcome> outcomes;
    std::string files;
    std::vector<std::pair<std::size_t, std::string>> asked;
    for (std::size_t at = 0; at < cases.size(); ++at) {
        Outcome& outcome = outcomes.emplace_back();
        const bool is_clean = take(rest) == "1";
        const std::string tree = take(rest);
        for (std::string name = take(rest); !name.empty(); name = take(rest))
            outcome.conflicts.insert(name);
        CHECK(is_clean == outcome.conflicts.empty());
        for (const Examples* side : {&cases[at].ours, &cases[at].theirs})
            for (const auto& [name, resource] : *side)
                if (!outcome.conflicts.contains(name)) {
                    files += tree + ':' + name + '\n';
                    asked.emplace_back(at, name);
                }
    }
    const std::string answers = git.run("cat-file --batch", files);
    std::size_t at = 0;
    for (const auto& [number, name] : asked) {
        const std::size_t line_end = answers.find('\n', at);
        const std::string line = answers.substr(at, line_end - at);
        at = line_end + 1;
        if (line.ends_with(" missing")) continue;
        const std::size_t size = std::stoul(line.substr(line.rfind(' ') + 1));
        outcomes[number].content[name] = from_file(answers.substr(at, size));
        at += size + 1;
    }
    return outcomes;
}

// verso

Document to_document(const Members& resource) {
    boost::json::object object;
    for (const auto& [name, value] : resource) object[name] = value;
    return document(boost::json::serialize(object));
}

/// Makes a draft hold this.
void fill(Fixture& fixture, const std::string& version, const Examples& before,
          const Examples& after) {
    fixture.store
        .edit(fixture.key(version),
              [&](Draft& draft) -> Result<void> {
                  for (const auto& [name, resource] : before)
                      if (!after.contains(name)) draft.erase(Kind::example, name).value();
                  for (const auto& [name, resource] : after)
                      draft.put(Kind::example, name, to_document(resource)).value();
                  return {};
              })
        .value();
}

Examples examples_of(const Fixture& fixture, const std::string& version) {
    Examples content;
    for (const Resource& each :
         fixture.snapshot().resources(fixture.key(version), Kind::example).value()) {
        Members& resource = content[each.name];
        const auto parsed = boost::json::parse(each.document.text());
        for (const auto& [name, value] : parsed.as_object())
            resource[std::string(name)] = static_cast<int>(value.as_int64());
    }
    return content;
}

Outcome merge_by_verso(const Case& made) {
    Fixture fixture;
    fixture.create("base");
    fill(fixture, "base", {}, made.base);
    fixture.clone("third", "base");
    fixture.store
        .put(fixture.key("third"), Kind::example, added_as_one, to_document(picked_members()))
        .value();
    for (const auto& [side, content] : {std::pair{"ours", &made.ours}, {"theirs", &made.theirs}}) {
        fixture.clone(side, "base");
        if (content->contains(added_as_one))
            fixture.store
                .pick(fixture.key(side), fixture.key("third"),
                      {.resources = {{Kind::example, added_as_one}}})
                .value();
        fill(fixture, side, made.base, *content);
    }
    const MergeReport report =
        fixture.store
            .merge(fixture.key("ours"), fixture.key("theirs"), {.policy = MergePolicy::ours()})
            .value();
    Outcome outcome{{}, examples_of(fixture, "ours")};
    for (const Conflict& each : report.conflicts) {
        outcome.conflicts.insert(each.name);
        outcome.content.erase(each.name);
    }
    return outcome;
}

/// Counts what became of each resource that both sides had a say in.
void tally(const Case& made, const Outcome& outcome, std::map<std::string, std::size_t>& seen) {
    Examples all = made.base;
    for (const Examples* side : {&made.ours, &made.theirs}) all.insert(side->begin(), side->end());
    const auto in = [](const Examples& content, const std::string& name) {
        const auto found = content.find(name);
        return found != content.end() ? &found->second : nullptr;
    };
    for (const auto& [name, any] : all) {
        const Members* const base = in(made.base, name);
        const Members* const ours = in(made.ours, name);
        const Members* const theirs = in(made.theirs, name);
        const auto differ = [](const Members* a, const Members* b) {
            return a && b ? *a != *b : a != b;
        };
        if (!differ(base, ours) || !differ(base, theirs)) continue;
        const std::string what = !base                  ? "added " + name
                                 : !ours && !theirs     ? "deleted by both"
                                 : !ours                ? "deleted by ours"
                                 : !theirs              ? "deleted by theirs"
                                 : differ(ours, theirs) ? "changed"
                                                        : "changed alike";
        ++seen[what + (outcome.conflicts.contains(name) ? ": conflict" : ": none")];
    }
}

}  // namespace

TEST_CASE("git: it and we agree on what comes together and what conflicts", "[engine]") {
    Random random(20260131);
    const std::vector<Case> cases = make_cases(test::less_if_sanitized(3000, 1000), random);
    const std::vector<Outcome> by_git = merge_by_git(cases);
    std::map<std::string, std::size_t> seen;
    std::size_t conflicts = 0;
    std::size_t clean = 0;
    std::size_t empty = 0;
    for (std::size_t at = 0; at < cases.size(); ++at) {
        CAPTURE(at, cases[at].base, cases[at].ours, cases[at].theirs);
        const Outcome ours = merge_by_verso(cases[at]);
        CHECK(ours.conflicts == by_git[at].conflicts);
        CHECK(ours.content == by_git[at].content);
        conflicts += ours.conflicts.size();
        clean += ours.conflicts.empty();
        empty += ours.content.empty();
        tally(cases[at], ours, seen);
    }
    // Cases of all kinds are among them, or nothing was shown.
    CHECK(conflicts > cases.size() / 3);
    CHECK(clean > cases.size() / 3);
    CHECK(empty < cases.size() / 100);
    for (const char* what :
         {"added apart: conflict", "added apart: none", "added together: conflict",
          "added together: none", "changed: conflict", "changed: none", "changed alike: none",
          "deleted by both: none", "deleted by ours: conflict", "deleted by theirs: conflict"}) {
        CAPTURE(what);
        CHECK(seen[what] > cases.size() / 100);
    }
}

TEST_CASE("git: a difference would be seen", "[engine]") {
    const Case made{{{"r", {{"m0", 1}}}}, {{"r", {{"m0", 2}}}}, {{"r", {{"m0", 3}}}}};
    const Case other{{{"r", {{"m0", 1}}}}, {{"r", {{"m0", 2}}}}, {{"r", {{"m1", 3}, {"m0", 1}}}}};
    const std::vector<Outcome> by_git = merge_by_git({made, other});
    CHECK(by_git[0].conflicts == std::set<std::string>{"r"});
    CHECK(by_git[1].content == Examples{{"r", {{"m0", 2}, {"m1", 3}}}});
    CHECK_FALSE(merge_by_verso(made) == by_git[1]);
    CHECK_FALSE(merge_by_verso(other) == by_git[0]);

    // A conflict that is not told, and a document that is not what came of it.
    Outcome dropped = merge_by_verso(made);
    dropped.conflicts.clear();
    CHECK_FALSE(dropped == by_git[0]);
    Outcome altered = merge_by_verso(other);
    altered.content["r"]["m1"] = 4;
    CHECK_FALSE(altered == by_git[1]);
}
