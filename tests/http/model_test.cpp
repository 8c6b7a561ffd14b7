// Goal:   whatever is asked, the adapter answers what the rules say.
// Method: random requests on an adapter and on a model of plain maps; status and code of every
//         answer are the model's, and what is read afterwards is what it holds. So on one thread,
//         and on several with a connection each, on one store. Where threads share a connection,
//         nothing is foreseen and only invariants are checked. A failure prints the seed and the
//         last requests.
#include <verso/maintenance.hpp>

#include "http/fixture.hpp"
#include "http/model.hpp"
#include "http/target.hpp"
#include "less_if_sanitized.hpp"

#include <atomic>
#include <deque>
#include <exception>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

namespace verso::http {
namespace {

/// What the rules do not allow. Threads throw it, since assertions are for one thread only.
struct Disagreement : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void expect(bool holds, const std::string& what) {
    if (!holds) throw Disagreement(what);
}

// Answer::json() is not for threads: it tells Catch what it reads.
boost::json::object json_of(const Answer& answer) {
    return boost::json::parse(answer.body).as_object();
}

std::string string_of(const boost::json::value& value) { return value.as_string().c_str(); }

/// Of an error.
std::string code_of(const Answer& answer) {
    const boost::json::object json = json_of(answer);
    return json.contains("code") ? string_of(json.at("code")) : std::string();
}

/// A store behind an adapter, for any number of threads. Its clock stands still at times, and at
/// times steps back.
class Service {
public:
    Service() : store_(Store::temporary(options()).value()), adapter_(store_, adapter_options()) {}

    [[nodiscard]] Answer ask(const Asked& asked) const {
        Headers headers = asked.headers;
        if (!asked.body.empty()) headers.push_back({"Content-Type", "application/json"});
        const Response response = adapter_.handle({.method = asked.method,
                                                   .target = asked.target,
                                                   .headers = headers,
                                                   .body = asked.body});
        return {response.status, response.headers, response.body};
    }
    /// The target of a new connection.
    std::string make_connection(const std::string& name) {
        const std::string all = "/o/" + std::string(acme) + "/connections";
        const Answer made =
            ask({.method = "POST", .target = all, .body = R"({"name":")" + name + R"("})"});
        expect(made.status == 201, made.body);
        return all + "/" + string_of(json_of(made).at("id"));
    }
    void check_store() const {
        const VerifyReport report = verify(store_).value();
        for (const Damage& each : report.findings) expect(false, each.where + ": " + each.message);
    }

private:
    [[nodiscard]] verso::Options options() {
        verso::Options options;
        options.clock = [this] {
            const std::int64_t call = ++calls_;
            const std::int64_t back = call % 37 == 0 ? 50 : 0;
            return Timestamp(std::chrono::milliseconds{1'800'000'000'000 + call / 2 - back});
        };
        options.version_in_use = [](ConnectionId, const ConnectionVersion& version) {
            return version.description == in_use;
        };
        return options;
    }
    [[nodiscard]] static Options adapter_options() {
        Options options;
        options.authenticator = [](const auto&) { return Principal{.is_member_of_all = true}; };
        return options;
    }

    std::atomic<std::int64_t> calls_{0};
    Store store_;
    Adapter adapter_;
};

/// What the requests draw from: small sets, so that names meet.
struct Dice {
    std::mt19937_64 random;

    std::size_t below(std::size_t count) { return random() % count; }
    bool one_in(std::size_t count) { return below(count) == 0; }
    template <std::size_t size>
    std::string any(const char* const (&words)[size]) {
        return words[below(size)];
    }
    std::string version_name() { return any({"1", "1", "2", "2", "3", "a/b", "latest", " x"}); }
    std::string description() { return any({"", "x", "y", in_use}); }
    Kind kind() { return std::array{Kind::action, Kind::definition, Kind::parameter}[below(3)]; }
    std::string name(Kind kind) {
        const std::string first = kind == Kind::action ? "A" : kind == Kind::definition ? "D" : "p";
        return first + std::to_string(below(5));
    }
    std::string id() { return "00000000-0000-4000-8000-00000000010" + std::to_string(below(6)); }
};

std::string plural_of(Kind kind) { return std::string(to_string(kind)) + "s"; }

/// Requests for one connection, and the model of it.
class Walk {
public:
    Walk(const Service& service, std::string base, std::uint64_t seed)
        : service_(service), base_(std::move(base)), dice_{std::mt19937_64(seed)} {}

    /// Some random requests, and what the connection holds after them.
    void run(int steps) {
        try {
            for (int each = 0; each < steps; ++each) step();
            check_all();
            expect(successes_ > steps / 4, "too few of the requests succeed to test anything");
        } catch (const std::exception& error) {
            std::string told = error.what();
            for (const std::string& each : history_) told += "\n  " + each;
            told += "\n  " + last_read_;
            throw Disagreement(told);
        }
    }

private:
    void step();
    void create_version();
    void update_version();
    void change_state();
    void create_resource();
    void create_definitions();
    void replace_resource();
    void put_back();
    void erase_resource();
    void erase_definitions();
    void read_filtered();

    Answer ask(const Asked& asked);
    /// Asks for what the model has been asked for, `after` being what it came to.
    void agree(Asked asked, const Verdict& verdict, ModelConnection after);
    /// Perhaps depends on the version's revision; answers whether that one has gone.
    bool add_condition(Asked& asked, const std::string& version);
    void adopt_resources(const Asked& asked, const Answer& answer, const std::string& name);
    void adopt_times();

    void check_all();
    void check_list();
    void check_version(const ModelVersion& version);
    void check_resources(const ModelVersion& version, Kind kind);
    void check_resource(const boost::json::object& answered, const ModelContent& content, Kind kind,
                        const ModelResource& expected);
    [[nodiscard]] boost::json::object expected_of(const ModelVersion& version) const;
    std::vector<boost::json::object> pages(const std::string& target, const std::string& key,
                                           const std::string& filter = {});

    /// A version's name, mostly one that there is.
    std::string any_version();
    /// A resource's name, mostly one that there is, or that is free.
    std::string any_name(Kind kind, const ModelContent& content, bool is_there);
    ModelResource any_resource(Kind kind, const ModelContent& content);
    ModelReference any_reference(Kind kind, const ModelContent& content);
    [[nodiscard]] const ModelContent& content_of(const std::string& version) const {
        static const ModelContent none;
        const ModelVersion* found = model_.find(version);
        return found == nullptr ? none : found->content;
    }
    [[nodiscard]] std::string target(const std::string& version) const {
        return base_ + "/versions/" + percent_encode(version);
    }
    [[nodiscard]] std::string target(const std::string& version, Kind kind) const {
        return target(version) + "/" + plural_of(kind);
    }

    const Service& service_;
    std::string base_;
    Dice dice_;
    ModelConnection model_;
    std::string last_published_;       // the greatest publishedAt that there has been
    std::deque<std::string> history_;  // of the last writes
    std::string last_read_;            // empty: a write was last
    int successes_ = 0;
};

void Walk::step() {
    switch (dice_.below(16)) {
        case 0: return create_version();
        case 1: return update_version();
        case 2: return change_state();
        case 3: return dice_.one_in(3) ? change_state() : create_definitions();
        case 4:
        case 5:
        case 6: return create_resource();
        case 7:
        case 8: return create_definitions();
        case 9:
        case 10:
        case 11: return replace_resource();
        case 12: return put_back();
        case 13: return erase_resource();
        case 14: return dice_.one_in(3) ? erase_definitions() : read_filtered();
        default: return dice_.one_in(4) ? check_all() : check_list();
    }
}

// Requests

void Walk::create_version() {
    boost::json::object body{{"name", dice_.version_name()}};
    std::optional<std::string> from;
    if (!dice_.one_in(4)) from = any_version();
    if (from) body["fromVersion"] = *from;
    ModelConnection after = model_;
    const Verdict verdict = after.create(string_of(body["name"]), from);
    agree({.method = "POST", .target = base_ + "/versions", .body = boost::json::serialize(body)},
          verdict, std::move(after));
}

void Walk::update_version() {
    const std::string name = any_version();
    ModelUpdate update;
    boost::json::object body;
    if (dice_.one_in(3)) body["name"] = *(update.name = dice_.version_name());
    if (dice_.one_in(2)) body["description"] = *(update.description = dice_.description());
    if (dice_.one_in(2)) body["isDefault"] = *(update.is_default = dice_.one_in(2));
    Asked asked{.method = "PUT", .target = target(name), .body = boost::json::serialize(body)};
    ModelConnection after = model_;
    Verdict verdict = after.update(name, update);
    if (add_condition(asked, name) && verdict.status != 400 && verdict.status != 404)
        verdict = {412, {"revision_mismatch"}};
    agree(std::move(asked), verdict, std::move(after));
}

void Walk::change_state() {
    const std::string name = any_version();
    Asked asked{.method = "POST", .target = target(name)};
    ModelConnection after = model_;
    Verdict verdict;
    if (dice_.one_in(6)) {
        const bool force = dice_.one_in(2);
        asked.method = "DELETE";
        if (force) asked.target += "?force";
        verdict = after.erase(name, force);
    } else if (dice_.one_in(2)) {
        asked.target += "/unpublish";
        verdict = after.unpublish(name);
    } else {
        asked.target += "/publish";
        verdict = after.publish(name);
    }
    if (add_condition(asked, name) && verdict.status != 404) verdict = {412, {"revision_mismatch"}};
    agree(std::move(asked), verdict, std::move(after));
}

void Walk::create_resource() {
    const std::string version = any_version();
    const Kind kind = dice_.one_in(3) ? Kind::parameter : Kind::action;
    ModelResource made = any_resource(kind, content_of(version));
    if (dice_.one_in(4)) made.id = dice_.id();
    // Where an id is taken, it is nobody's matter whom a reference to it means.
    const auto is_own = [&](const ModelReference& each) { return each.target == made.id; };
    std::erase_if(made.definitions, is_own);
    std::erase_if(made.parameters, is_own);
    boost::json::object body = made.document(kind);
    if (!made.id.empty()) body["id"] = made.id;
    Asked asked{
        .method = "POST", .target = target(version, kind), .body = boost::json::serialize(body)};
    ModelConnection after = model_;
    Verdict verdict =
        after.edit(version, [&](ModelContent& content) { return content.create(kind, {made}); });
    if (add_condition(asked, version) && verdict.status != 400 && verdict.status != 404)
        verdict = {412, {"revision_mismatch"}};
    agree(std::move(asked), verdict, std::move(after));
}

void Walk::create_definitions() {
    const std::string version = any_version();
    std::vector<ModelResource> made;
    boost::json::array bodies;
    for (std::size_t left = 1 + dice_.below(3); left > 0; --left) {
        ModelResource& each =
            made.emplace_back(any_resource(Kind::definition, content_of(version)));
        boost::json::object body = each.document(Kind::definition);
        if (dice_.one_in(6)) body["id"] = each.id = dice_.id();
        bodies.push_back(std::move(body));
    }
    Asked asked{.method = "POST",
                .target = target(version, Kind::definition),
                .body = boost::json::serialize(boost::json::object{{"definitions", bodies}})};
    ModelConnection after = model_;
    Verdict verdict = after.edit(
        version, [&](ModelContent& content) { return content.create(Kind::definition, made); });
    if (add_condition(asked, version) && verdict.status != 400 && verdict.status != 404)
        verdict = {412, {"revision_mismatch"}};
    agree(std::move(asked), verdict, std::move(after));
}

void Walk::replace_resource() {
    const std::string version = any_version();
    const Kind kind = dice_.kind();
    const std::string name = any_name(kind, content_of(version), true);
    ModelResource wanted = any_resource(kind, content_of(version));
    if (dice_.one_in(2)) wanted.name = name;
    boost::json::object body = wanted.document(kind);
    if (dice_.one_in(10)) body["id"] = wanted.id = dice_.id();
    Asked asked{.method = "PUT",
                .target = target(version, kind) + "/" + name,
                .body = boost::json::serialize(body)};
    ModelConnection after = model_;
    Verdict verdict = after.edit(version, [&](ModelContent& content) {
        return content.replace({kind, name}, wanted);
    });
    if (add_condition(asked, version) && verdict.status != 400 && verdict.status != 404)
        verdict = {412, {"revision_mismatch"}};
    agree(std::move(asked), verdict, std::move(after));
}

void Walk::put_back() {
    const std::string version = any_version();
    const Kind kind = dice_.kind();
    const std::string name = any_name(kind, content_of(version), true);
    const std::string where = target(version, kind) + "/" + name;
    const Answer read = ask({.target = where});
    const ModelResource* present = content_of(version).find({kind, name});
    expect(read.status == (present != nullptr ? 200 : 404), "a read answers " + read.body);
    if (present == nullptr) return;
    check_resource(json_of(read), content_of(version), kind, *present);
    ModelConnection after = model_;
    const Verdict verdict = after.edit(version, [&](ModelContent& content) {
        return content.replace({kind, name}, *present);
    });
    agree({.method = "PUT", .target = where, .body = read.body}, verdict, std::move(after));
}

void Walk::erase_resource() {
    const std::string version = any_version();
    const Kind kind = dice_.kind();
    const std::string name = any_name(kind, content_of(version), true);
    const bool force = kind != Kind::action && dice_.one_in(3);
    Asked asked{.method = "DELETE", .target = target(version, kind) + "/" + name};
    if (force) asked.target += "?force=true";
    ModelConnection after = model_;
    Verdict verdict = after.edit(
        version, [&](ModelContent& content) { return content.erase(kind, {name}, force); });
    if (add_condition(asked, version) && verdict.status != 404)
        verdict = {412, {"revision_mismatch"}};
    agree(std::move(asked), verdict, std::move(after));
}

void Walk::erase_definitions() {
    const std::string version = any_version();
    const bool force = dice_.one_in(2);
    const bool is_all = dice_.one_in(4);
    std::set<std::string> names;
    boost::json::array listed;
    for (std::size_t left = 1 + dice_.below(3); left > 0 && !is_all; --left)
        listed.emplace_back(
            *names.insert(any_name(Kind::definition, content_of(version), true)).first);
    for (const auto& [key, each] : content_of(version).resources())
        if (is_all && key.first == Kind::definition) names.insert(key.second);
    const boost::json::object body =
        is_all ? boost::json::object{{"all", true}} : boost::json::object{{"names", listed}};
    ModelConnection after = model_;
    const Verdict verdict = after.edit(version, [&](ModelContent& content) {
        return content.erase(Kind::definition, names, force);
    });
    agree({.method = "DELETE",
           .target = target(version, Kind::definition) + (force ? "?force" : ""),
           .body = boost::json::serialize(body)},
          verdict, std::move(after));
}

void Walk::read_filtered() {
    const std::string version = any_version();
    const Kind kind = dice_.kind();
    const std::string digit = std::to_string(dice_.below(5));
    if (model_.find(version) == nullptr) {
        const Answer answer = ask({.target = target(version, kind) + "?name=" + digit});
        expect(answer.status == 404 && code_of(answer) == "version_not_found", answer.body);
        return;
    }
    // Names are a letter and a digit: the filter does not regard the letter's case.
    const std::string letter = kind == Kind::action ? "a" : kind == Kind::definition ? "d" : "P";
    std::vector<std::string> expected;
    for (const auto& [key, each] : content_of(version).resources())
        if (key.first == kind && key.second.ends_with(digit)) expected.push_back(key.second);
    std::vector<std::string> answered;
    for (const auto& each :
         pages(target(version, kind), plural_of(kind), "&name=" + letter + digit))
        answered.push_back(string_of(each.at("name")));
    expect(answered == expected, "the filtered list has other names");
}

// Asking

Answer Walk::ask(const Asked& asked) {
    std::string line = asked.method + " " + asked.target.substr(base_.size());
    for (const Header& each : asked.headers) line += " " + each.name + ": " + each.value;
    if (!asked.body.empty()) line += " " + asked.body;
    Answer answer = service_.ask(asked);
    line += " -> " + std::to_string(answer.status);
    if (answer.status >= 400) line += " " + code_of(answer);
    const bool is_read = asked.method == "GET";
    if (!is_read) history_.push_back(line);
    if (history_.size() > 60) history_.pop_front();
    last_read_ = is_read ? line : std::string();
    return answer;
}

void Walk::agree(Asked asked, const Verdict& verdict, ModelConnection after) {
    const Answer answer = ask(asked);
    std::string expected = std::to_string(verdict.status);
    for (const std::string& code : verdict.codes) expected += " " + code;
    expect(answer.status == verdict.status, "expected " + expected + ", answered " + answer.body);
    if (!verdict.is_success()) {
        expect(verdict.codes.contains(code_of(answer)),
               "expected " + expected + ", answered " + answer.body);
        if (dice_.one_in(8)) check_all();
        return;
    }
    ++successes_;
    model_ = std::move(after);
    for (const auto& [name, version] : model_.versions())
        if (asked.method == "POST" && version.is_touched) adopt_resources(asked, answer, name);
    adopt_times();
}

bool Walk::add_condition(Asked& asked, const std::string& version) {
    const ModelVersion* found = model_.find(version);
    if (found == nullptr || !dice_.one_in(3)) return false;
    const std::uint64_t revision = found->revision;
    const std::size_t way = dice_.below(3);
    const std::string other =
        "\"" + std::to_string(revision + (dice_.one_in(2) ? 1 : 1'000)) + "\"";
    const std::string own = "\"" + std::to_string(revision) + "\"";
    asked.headers.push_back({"If-Match", way == 0 ? other : way == 1 ? own : other + ", " + own});
    return way == 0;
}

/// Takes over the ids of what was created.
void Walk::adopt_resources(const Asked& asked, const Answer& answer, const std::string& name) {
    ModelContent& content = model_.find(name)->content;
    const boost::json::object json = json_of(answer);
    if (asked.target.ends_with("/definitions")) {
        for (const auto& each : json.at("definitions").as_array())
            content.set_id({Kind::definition, string_of(each.at("name"))},
                           string_of(each.at("id")));
    } else if (asked.target.ends_with("/actions")) {
        content.set_id({Kind::action, string_of(json.at("name"))}, string_of(json.at("id")));
    } else if (asked.target.ends_with("/parameters")) {
        content.set_id({Kind::parameter, string_of(json.at("name"))}, string_of(json.at("id")));
    }
}

/// Takes over the times of what was changed, which have to be such as they may be.
void Walk::adopt_times() {
    const boost::json::object connection = json_of(ask({.target = base_}));
    for (const auto& [name, each] : model_.versions()) {
        if (!each.is_touched) continue;
        ModelVersion& version = *model_.find(name);
        const boost::json::object json = json_of(ask({.target = target(name)}));
        const std::string updated_at = string_of(json.at("updatedAt"));
        expect(version.updated_at <= updated_at, "updatedAt went back");
        expect(updated_at <= string_of(connection.at("updatedAt")),
               "the connection's updatedAt is before its version's");
        version.updated_at = updated_at;
        if (version.id.empty()) {
            version.id = string_of(json.at("id"));
            version.created_at = updated_at;
        }
        if (version.published_at == "~") {
            version.published_at = string_of(json.at("publishedAt"));
            expect(last_published_ < version.published_at, "publishedAt does not increase");
            last_published_ = version.published_at;
        }
        version.is_touched = false;
        check_version(version);
    }
}

// What the connection holds

void Walk::check_all() {
    check_list();
    for (const auto& [name, version] : model_.versions()) check_version(version);
    for (const char* alias : {"latest", "default", "4"}) {
        const Answer answer = ask({.target = target(alias)});
        const ModelVersion* version = model_.find(alias);
        expect(answer.status == (version != nullptr ? 200 : 404), alias + answer.body);
        if (version != nullptr)
            expect(json_of(answer) == expected_of(*version), alias + (" is " + answer.body));
    }
}

void Walk::check_list() {
    std::vector<const ModelVersion*> expected;
    for (const auto& [name, version] : model_.versions()) expected.push_back(&version);
    std::sort(expected.begin(), expected.end(), [](const auto* a, const auto* b) {
        return std::tie(a->updated_at, a->id) > std::tie(b->updated_at, b->id);
    });
    const auto answered = pages(base_ + "/versions", "items");
    expect(answered.size() == expected.size(), "the list has more or fewer versions");
    for (std::size_t at = 0; at < answered.size(); ++at)
        expect(answered[at] == expected_of(*expected[at]),
               "the list has " + boost::json::serialize(answered[at]) + ", expected " +
                   boost::json::serialize(expected_of(*expected[at])));
}

boost::json::object Walk::expected_of(const ModelVersion& version) const {
    boost::json::value published_at;
    if (version.is_published()) published_at = version.published_at;
    return {{"id", version.id},
            {"name", version.name},
            {"description", version.description},
            {"isLatest", model_.latest() == &version},
            {"isDefault", model_.chosen_or_latest() == &version},
            {"createdAt", version.created_at},
            {"updatedAt", version.updated_at},
            {"publishedAt", published_at},
            {"revision", static_cast<std::int64_t>(version.revision)}};
}

void Walk::check_version(const ModelVersion& version) {
    const Answer answer = ask({.target = target(version.name)});
    const std::string expected = boost::json::serialize(expected_of(version));
    expect(
        answer.status == 200 && boost::json::value(json_of(answer)) == boost::json::parse(expected),
        "the version is " + answer.body + ", expected " + expected);
    expect(answer.header("ETag") == "\"" + std::to_string(version.revision) + "\"",
           "the tag is " + answer.header("ETag"));
    for (const Kind kind : {Kind::action, Kind::definition, Kind::parameter})
        check_resources(version, kind);
}

void Walk::check_resources(const ModelVersion& version, Kind kind) {
    const auto answered = pages(target(version.name, kind), plural_of(kind));
    auto next = answered.begin();
    for (const auto& [key, expected] : version.content.resources()) {
        if (key.first != kind) continue;
        expect(next != answered.end(), "the list lacks " + key.second);
        check_resource(*next++, version.content, kind, expected);
    }
    expect(next == answered.end(), "the list has more than was put");
}

void Walk::check_resource(const boost::json::object& answered, const ModelContent& content,
                          Kind kind, const ModelResource& expected) {
    const std::string shown = boost::json::serialize(answered);
    expect(string_of(answered.at("id")) == expected.id, "its id is no more " + expected.id + shown);
    expect(answered.at("errors").as_array().empty() == !content.has_errors(kind, expected),
           "validated wrongly: " + shown);
    if (kind != Kind::action) {
        boost::json::array referrers;
        for (const auto& key : content.referrers({kind, expected.name}))
            referrers.push_back(boost::json::object{{"type", to_string(key.first)},
                                                    {"id", content.find(key)->id},
                                                    {"name", key.second}});
        expect(answered.at("referencedBy") == referrers,
               "referred to by " + boost::json::serialize(referrers) + ", not as " + shown);
    }
    boost::json::object document = answered;
    for (const char* each : {"id", "errors", "referencedBy"}) document.erase(each);
    expect(document == expected.document(kind),
           "answered " + shown + ", put " + boost::json::serialize(expected.document(kind)));
}

/// All of a list, in pages of some size.
std::vector<boost::json::object> Walk::pages(const std::string& target, const std::string& key,
                                             const std::string& filter) {
    std::vector<boost::json::object> items;
    const std::string first = std::to_string(dice_.one_in(3) ? 1 + dice_.below(4) : 100);
    std::string after;
    while (true) {
        const Answer answer = ask({.target = target + "?first=" + first + after + filter});
        expect(answer.status == 200, answer.body);
        const boost::json::object page = json_of(answer);
        expect(page.contains("prev") == !items.empty(), "'prev' of a page: " + answer.body);
        for (const auto& each : page.at(key).as_array()) items.push_back(each.as_object());
        if (!page.contains("next")) {
            expect(page.at("totalCount") == items.size(), "totalCount of " + answer.body);
            return items;
        }
        after = "&after=" + string_of(page.at("next"));
    }
}

// Dice

std::string Walk::any_version() {
    if (model_.versions().empty() || dice_.one_in(20)) return dice_.any({"4", "latest", "default"});
    auto at = model_.versions().begin();
    std::advance(at, dice_.below(model_.versions().size()));
    if (at->second.is_published() && !dice_.one_in(3)) return any_version();
    if (at->second.is_published() && dice_.one_in(4)) return "latest";
    return at->first;
}

std::string Walk::any_name(Kind kind, const ModelContent& content, bool is_there) {
    std::string name = dice_.name(kind);
    for (int tries = static_cast<int>(dice_.below(12)); tries > 0; --tries)
        if ((content.find({kind, name}) != nullptr) != is_there) name = dice_.name(kind);
    return name;
}

ModelReference Walk::any_reference(Kind kind, const ModelContent& content) {
    std::vector<const ModelResource*> present;
    for (const auto& [key, each] : content.resources())
        if (key.first == kind) present.push_back(&each);
    if (present.empty() || dice_.one_in(30)) return {false, dice_.name(kind)};
    const ModelResource& target = *present[dice_.below(present.size())];
    const bool is_id = dice_.one_in(3);
    return {is_id, is_id ? target.id : target.name};
}

ModelResource Walk::any_resource(Kind kind, const ModelContent& content) {
    ModelResource made{.name = any_name(kind, content, false), .text = dice_.any({"a", "b", "c"})};
    if (kind == Kind::parameter) made.in = dice_.any({"query", "header", "path"});
    if (kind == Kind::definition) {
        made.media_type = dice_.any({"application/json", "application/xml"});
        while (dice_.one_in(3)) {
            ModelReference reference = any_reference(kind, content);
            if (!reference.is_id) made.definitions.push_back(std::move(reference));
        }
    }
    if (kind != Kind::action) return made;
    made.has_response = !dice_.one_in(12);
    while (made.has_response && dice_.one_in(3))
        made.definitions.push_back(any_reference(Kind::definition, content));
    while (dice_.one_in(3)) {
        made.parameters.push_back(any_reference(Kind::parameter, content));
        const ModelReference& last = made.parameters.back();
        const ModelResource* target = content.find({Kind::parameter, last.target});
        if (target != nullptr && target->in == "path") made.path_name = target->name;
    }
    return made;
}

// Threads

/// Runs `work(index)` on so many threads at once, and answers what they threw.
template <class Work>
std::vector<std::string> on_threads(int count, const Work& work) {
    std::mutex mutex;
    std::vector<std::string> thrown;
    std::vector<std::thread> threads;
    for (int index = 0; index < count; ++index)
        threads.emplace_back([&, index] {
            try {
                work(index);
            } catch (const std::exception& error) {
                const std::lock_guard lock(mutex);
                thrown.push_back("thread " + std::to_string(index) + ": " + error.what());
            }
        });
    for (std::thread& each : threads) each.join();
    return thrown;
}

/// Threads that share a connection: what is true whatever the others do.
class Crowd {
public:
    Crowd(const Service& service, std::string base) : service_(service), base_(std::move(base)) {}

    /// What one of the threads does. The version `shared` is a draft throughout.
    void run(int index, int steps) {
        Dice dice{std::mt19937_64(static_cast<std::uint64_t>(index) + 1)};
        std::uint64_t last_revision = 0;
        std::string last_published;
        const std::string own = "A" + std::to_string(index) + "_";
        for (int step = 0; step < steps; ++step) {
            const std::string name = own + std::to_string(step);
            if (dice.one_in(2)) {
                const Answer made = ask("POST", "/versions/shared/actions", action(name));
                expect(made.status == 201, made.body);
                count_change(made, last_revision);
            } else if (dice.one_in(3)) {
                publish_own(name, last_published);
            } else {
                disturb(dice);
            }
            check_moment();
        }
    }

    [[nodiscard]] std::size_t changes() const noexcept { return revisions_.size(); }

private:
    Answer ask(const std::string& method, const std::string& target, const std::string& body = {}) {
        return service_.ask({.method = method, .target = base_ + target, .body = body});
    }

    /// A change of `shared` has a revision of its own, after all that its thread has seen.
    void count_change(const Answer& answer, std::uint64_t& last) {
        const std::string tag = answer.header("ETag");
        const std::uint64_t revision = std::stoull(tag.substr(1));
        expect(revision > last, "the revision " + tag + " is not after " + std::to_string(last));
        last = revision;
        const std::lock_guard lock(mutex_);
        expect(revisions_.insert(revision).second, "two changes have the revision " + tag);
    }

    /// Nobody else publishes a version of this name.
    void publish_own(const std::string& name, std::string& last) {
        const std::string body = R"({"name":")" + name + R"(","fromVersion":"shared"})";
        expect(ask("POST", "/versions", body).status == 201, "a clone of a new name");
        const Answer published = ask("POST", "/versions/" + name + "/publish");
        expect(published.status == 200, published.body);
        const std::string time = string_of(json_of(published).at("version").at("publishedAt"));
        expect(time > last, "published at " + time + ", after " + last);
        last = time;
        const std::lock_guard lock(mutex_);
        expect(published_.insert(time).second, "two were published at " + time);
    }

    /// Something that meets what others do.
    void disturb(Dice& dice) {
        const std::string name = dice.any({"1", "2", "latest", "default"});
        const std::string target = "/versions/" + name;
        Answer answer;
        switch (dice.below(5)) {
            case 0:
                answer = ask("POST", "/versions", R"({"name":"1","fromVersion":"shared"})");
                break;
            case 1: answer = ask("POST", target + "/unpublish"); break;
            case 2: answer = ask("DELETE", target + "?force"); break;
            case 3: answer = ask("PUT", target, R"({"isDefault":true})"); break;
            default: answer = ask("POST", target + "/actions", action("A")); break;
        }
        const std::set<unsigned> allowed{200, 201, 204, 404, 409};
        expect(allowed.contains(answer.status), answer.body);
    }

    /// What one moment of the connection looks like.
    void check_moment() {
        const Answer answer = ask("GET", "/versions?first=100");
        expect(answer.status == 200, answer.body);
        int latest = 0;
        int chosen = 0;
        std::string latest_published;
        std::string greatest_published;
        const boost::json::object page = json_of(answer);
        for (const auto& each : page.at("items").as_array()) {
            const bool is_draft = each.at("publishedAt").is_null();
            const std::string published = is_draft ? "" : string_of(each.at("publishedAt"));
            greatest_published = std::max(greatest_published, published);
            const bool is_latest = each.at("isLatest").as_bool();
            const bool is_default = each.at("isDefault").as_bool();
            expect(!is_draft || (!is_latest && !is_default), "a draft stands for " + answer.body);
            if (is_latest) latest_published = published;
            latest += is_latest ? 1 : 0;
            chosen += is_default ? 1 : 0;
        }
        const bool is_whole = !page.contains("next");
        expect(latest <= 1 && chosen <= 1, "more than one is latest or default: " + answer.body);
        if (is_whole)
            expect(latest_published == greatest_published, "latest is not it: " + answer.body);
    }

    const Service& service_;
    std::string base_;
    std::mutex mutex_;
    std::set<std::uint64_t> revisions_;  // of all changes of `shared`
    std::set<std::string> published_;
};

}  // namespace

TEST_CASE("model: random requests are answered as the rules say", "[http]") {
    const auto seed = GENERATE(range(std::uint64_t{1}, test::less_if_sanitized(7, 3)));
    INFO("seed " << seed);
    Service service;
    Walk walk(service, service.make_connection("GitHub"), seed);
    CHECK_NOTHROW(walk.run(1'500));
    CHECK_NOTHROW(service.check_store());
}

TEST_CASE("model: threads with a connection each are answered as if they were alone",
          "[http][threads]") {
    Service service;
    std::vector<Walk> walks;
    for (int index = 0; index < 4; ++index)
        walks.emplace_back(service, service.make_connection(std::to_string(index)),
                           static_cast<std::uint64_t>(index) + 100);
    const auto thrown =
        on_threads(4, [&](int index) { walks[static_cast<std::size_t>(index)].run(1'000); });
    for (const std::string& each : thrown) UNSCOPED_INFO(each);
    CHECK(thrown.empty());
    CHECK_NOTHROW(service.check_store());
}

TEST_CASE("model: threads that share a connection never see it between two states",
          "[http][threads]") {
    Service service;
    const std::string base = service.make_connection("GitHub");
    REQUIRE(
        service
            .ask({.method = "POST", .target = base + "/versions", .body = R"({"name":"shared"})"})
            .status == 201);
    Crowd crowd(service, base);
    const auto thrown = on_threads(4, [&](int index) { crowd.run(index, 60); });
    for (const std::string& each : thrown) UNSCOPED_INFO(each);
    CHECK(thrown.empty());
    CHECK(crowd.changes() > 0);
    const Answer shared = service.ask({.target = base + "/versions/shared"});
    CHECK(shared.at("/revision") == std::to_string(1 + crowd.changes()));
    CHECK_NOTHROW(service.check_store());
}

}  // namespace verso::http
