// Goal:   the routes of history: the log, comparison and merging.
// Method: requests through the adapter on a real store, each success and each error.

#include "http/fixture.hpp"

namespace verso::http {
namespace {

/// Version 1 has an Action A, and 2, its clone, B too; both changed A's path, each to its own.
struct Diverged : Fixture {
    Diverged() {
        make_version("1");
        REQUIRE(post("/versions/1/actions", action("A")).status == 201);
        REQUIRE(post("/versions", R"({"name":"2","fromVersion":"1"})").status == 201);
        REQUIRE(post("/versions/2/actions", action("B")).status == 201);
    }
    void set_path(const std::string& version, const std::string& path) const {
        std::string document = action("A");
        const auto at = document.find("\"path\":\"") + 8;
        document.replace(at, document.find('"', at) - at, path);
        REQUIRE(put("/versions/" + version + "/actions/A", document).status == 200);
    }
    void clash() const {
        set_path("1", "/ours");
        set_path("2", "/theirs");
    }
    [[nodiscard]] std::string commit_of(const std::string& version, int at) const {
        return get("/versions/" + version + "/commits")
            .at("/commits/" + std::to_string(at) + "/number");
    }
};

}  // namespace

TEST_CASE("history: the log is a page of commits, newest first", "[http]") {
    const Diverged fixture;
    const Answer log = fixture.get("/versions/2/commits");
    CHECK(log.status == 200);
    CHECK(log.at("/commits/0/added") == "1");
    CHECK(log.at("/totalCount") == "1");
    CHECK(log.header("ETag").empty());
    const Answer first = fixture.get("/versions/2/commits?first=1");
    CHECK(first.json().at("commits").as_array().size() == 1);
    const std::string next = first.at("/next");
    REQUIRE(next.size() > 2);
    const Answer second =
        fixture.get("/versions/2/commits?first=1&after=" + next.substr(1, next.size() - 2));
    CHECK(second.at("/commits/0/number") == log.at("/commits/1/number"));
    CHECK(fixture.get("/versions/9/commits").code() == "version_not_found");
    CHECK(fixture.get("/versions/2/commits?name=x").fields() == Fields{"name"});
}

TEST_CASE("history: a version is read as it was at a commit", "[http]") {
    const Diverged fixture;
    const std::string before = fixture.commit_of("2", 1);
    CHECK(fixture.get("/versions/2/actions").at("/totalCount") == "2");
    const Answer then = fixture.get("/versions/2/actions?commit=" + before);
    CHECK(then.at("/totalCount") == "1");
    CHECK(then.header("ETag").empty());
    CHECK(fixture.get("/versions/2/actions?commit=" + before, {{"If-None-Match", "*"}}).status ==
          200);
    CHECK(fixture.get("/versions/2/actions/B?commit=" + before).code() == "resource_not_found");
    REQUIRE(fixture.ask("DELETE", "/versions/2/actions/A").status == 204);
    CHECK(fixture.get("/versions/2/actions/A?commit=" + before).status == 200);
    CHECK(fixture.get("/versions/2/actions/A?%63ommit=" + before).status == 200);
    CHECK(fixture.get("/versions/2/actions/A?xcommit=1").code() == "resource_not_found");
    CHECK(fixture.get("/versions/2/actions/A?commit=x").code() == "resource_not_found");
    CHECK(fixture.get("/versions/2/actions/B?xcommit=1").fields() == Fields{"xcommit"});
    CHECK(fixture.get("/versions/2/actions/A?commit=99999").code() == "commit_not_found");
    REQUIRE(
        fixture.ask("POST", "/versions/2/definitions", definitions({definition("Pet")})).status ==
        201);
    CHECK(fixture.get("/versions/2/definitions?commit=" + before).at("/totalCount") == "0");
    CHECK(fixture.get("/versions/2/definitions/Pet?commit=" + before).status == 404);
    for (const char* bad : {"0", "-1", "01", "x", "", "99999999999999999999"})
        CHECK(fixture.get("/versions/2/actions?commit=" + std::string(bad)).fields() ==
              Fields{"commit"});
    CHECK(fixture.get("/versions/2/actions?force").fields() == Fields{"force"});
}

TEST_CASE("history: versions are compared, in pages and with their patches", "[http]") {
    const Diverged fixture;
    fixture.set_path("2", "/new");
    const Answer changes = fixture.get("/versions/2/changes?from=1");
    CHECK(changes.status == 200);
    CHECK(changes.at("/totalCount") == "2");
    CHECK(changes.at("/changes/0/change") == "\"changed\"");
    CHECK_FALSE(changes.at("/changes/0/before").empty());
    CHECK(changes.at("/changes/1/change") == "\"added\"");
    CHECK(changes.at("/summary/0/added") == "1");
    CHECK(changes.at("/summary/0/changed") == "1");
    const Answer patched = fixture.get("/versions/2/changes?from=1&patch");
    CHECK(patched.at("/changes/0/patch") == R"([{"op":"replace","path":"/path","value":"/new"}])");
    CHECK(patched.at("/changes/0/before").empty());
    const Answer first = fixture.get("/versions/2/changes?from=1&first=1");
    const std::string next = first.at("/next");
    REQUIRE(next.size() > 2);
    CHECK(fixture.get("/versions/2/changes?from=1&after=" + next.substr(1, next.size() - 2))
              .at("/changes/0/name") == "\"B\"");
    const std::string before = fixture.commit_of("2", 1);
    CHECK(fixture.get("/versions/2/changes?from=1&commit=" + before).at("/totalCount") == "1");
    CHECK(fixture.get("/versions/2/changes?from=2&fromCommit=" + before).at("/totalCount") == "1");
    CHECK(fixture.get("/versions/2/changes?from=2", {{"If-None-Match", "*"}}).status == 200);
}

TEST_CASE("history: what cannot be compared is refused by the parameter at fault", "[http]") {
    const Diverged fixture;
    CHECK(fixture.get("/versions/2/changes").fields() == Fields{"from"});
    const Answer unknown = fixture.get("/versions/2/changes?from=9");
    CHECK(unknown.status == 400);
    CHECK(unknown.code() == "from_version_not_found");
    CHECK(unknown.fields() == Fields{"from"});
    const Answer commit = fixture.get("/versions/2/changes?from=1&fromCommit=99999");
    CHECK(commit.status == 400);
    CHECK(commit.fields() == Fields{"fromCommit"});
    CHECK(fixture.get("/versions/2/changes?from=1&commit=99999").status == 404);
    CHECK(fixture.get("/versions/2/changes?from=1&after=x").code() == "cursor_invalid");
    CHECK(fixture.get("/versions/2/changes?from=1&patch=maybe").fields() == Fields{"patch"});
    CHECK(fixture.get("/versions/9/changes").status == 404);
}

TEST_CASE("history: the lineage says which version came from which", "[http]") {
    const Diverged fixture;
    const Answer lineage = fixture.get("/lineage");
    CHECK(lineage.status == 200);
    CHECK(lineage.at("/versions/1/fromName") == "\"1\"");
    CHECK(lineage.at("/versions/0/fromId").empty());
}

TEST_CASE("merge: a version is merged into a draft, and again does nothing", "[http]") {
    const Diverged fixture;
    const Answer dry = fixture.post("/versions/1/merge", R"({"from":"2","dryRun":true})");
    CHECK(dry.status == 200);
    CHECK(dry.at("/outcome") == "\"merged\"");
    CHECK(dry.at("/changes/0/name") == "\"B\"");
    CHECK(fixture.get("/versions/1/actions").at("/totalCount") == "1");
    const Answer merged =
        fixture.post("/versions/1/merge", R"({"from":"2","author":"ann","message":"why"})");
    CHECK(merged.status == 200);
    CHECK(merged.at("/outcome") == "\"merged\"");
    CHECK(merged.header("ETag") == "\"" + merged.at("/version/revision") + "\"");
    CHECK(fixture.get("/versions/1/actions").at("/totalCount") == "2");
    const Answer log = fixture.get("/versions/1/commits");
    CHECK(log.at("/commits/0/author") == "\"ann\"");
    CHECK(log.json().at("commits").at(0).at("merged").as_array().size() == 1);
    CHECK(fixture.post("/versions/1/merge", R"({"from":"2"})").at("/outcome") == "\"up_to_date\"");
}

TEST_CASE("merge: a conflict is left to the client, with all it takes", "[http]") {
    const Diverged fixture;
    fixture.clash();
    const std::string revision = fixture.get("/versions/1").at("/revision");
    const Answer refused = fixture.post("/versions/1/merge", R"({"from":"2"})");
    CHECK(refused.status == 409);
    CHECK(refused.code() == "merge_conflict");
    CHECK(refused.at("/conflicts/0/pointer") == "\"/path\"");
    CHECK(refused.at("/conflicts/0/ours") == "\"/ours\"");
    CHECK(refused.at("/conflicts/0/theirs") == "\"/theirs\"");
    CHECK(fixture.get("/versions/1").at("/revision") == revision);
    const Answer dry = fixture.post("/versions/1/merge", R"({"from":"2","dryRun":true})");
    CHECK(dry.status == 200);
    CHECK(dry.at("/outcome") == "\"conflicted\"");
    const Answer theirs = fixture.post("/versions/1/merge", R"({"from":"2","policy":"theirs"})");
    CHECK(theirs.status == 200);
    CHECK(theirs.at("/conflicts/0/taken") == "\"theirs\"");
    CHECK(fixture.get("/versions/1/actions/A").at("/path") == "\"/theirs\"");
}

TEST_CASE("merge: after a conflict the same request may come again", "[http]") {
    const Diverged fixture;
    fixture.clash();
    const auto merge = [&] {
        return fixture.post("/versions/1/merge", R"({"from":"2"})", {{"Idempotency-Key", "k"}});
    };
    const Answer refused = merge();
    CHECK(refused.status == 409);
    CHECK(refused.at("/conflicts/0/ours") == "\"/ours\"");
    const std::string theirs = fixture.get("/versions/2/actions/A").body;
    CHECK(fixture.put("/versions/1/actions/A", theirs).status == 200);
    const Answer merged = merge();
    CHECK(merged.status == 200);
    CHECK(merge().body == merged.body);
}

TEST_CASE("merge: what is wrong is told in the order of all requests", "[http]") {
    const Diverged fixture;
    const auto merge = [&](const std::string& body, const Headers& headers = {}) {
        return fixture.ask("POST", "/versions/1/merge", body, headers);
    };
    CHECK(merge("{}").fields() == Fields{"from"});
    CHECK(merge(R"({"from":"2","policy":"mine"})").fields() == Fields{"policy"});
    CHECK(merge(R"({"from":"2","fromCommit":"x"})").fields() == Fields{"fromCommit"});
    CHECK(merge(R"({"from":"2","fromCommit":0})").fields() == Fields{"fromCommit"});
    CHECK(merge(R"({"from":"2","fromCommit":99999})").fields() == Fields{"fromCommit"});
    CHECK(merge(R"({"from":"2","more":1})").fields() == Fields{"more"});
    CHECK(merge(R"({"from":"9"})").code() == "from_version_not_found");
    CHECK(merge(R"({"from":"9","dryRun":true})").fields() == Fields{"from"});
    CHECK(merge(R"({"from":"2"})", {{"If-Match", "\"77\""}}).status == 412);
    CHECK(merge(R"({"from":"2","dryRun":true})", {{"If-Match", "\"77\""}}).status == 412);
    CHECK(fixture.post("/versions/9/merge", R"({"from":"2"})").status == 404);
    fixture.make_version("apart");
    CHECK(merge(R"({"from":"apart"})").code() == "no_common_commit");
    CHECK(merge(R"({"from":"apart","allowUnrelated":true})").status == 200);
    REQUIRE(fixture.post("/versions/1/publish", "").status == 200);
    CHECK(merge(R"({"from":"2"})").code() == "version_published");
    CHECK(merge(R"({"from":"2","dryRun":true})").code() == "version_published");
    CHECK(merge(R"({"from":"9"})").code() == "from_version_not_found");
    const std::string note(70'000, 'x');
    for (const std::string dry : {"true", "false"}) {
        CHECK(merge(R"({"from":"2","fromCommit":99999,"dryRun":)" + dry + "}").status == 400);
        CHECK(merge(R"({"from":"2","message":")" + note + R"(","dryRun":)" + dry + "}").code() ==
              "text_invalid");
    }
}

TEST_CASE("merge: it wants the right to write, also as a dry run", "[http]") {
    const Diverged fixture;
    const auto ask = [&](const std::string& method, const std::string& path,
                         const std::string& token) {
        return fixture
            .ask({.method = method,
                  .target = fixture.base + "/versions/1" + path,
                  .body = method == "POST" ? R"({"from":"2","dryRun":true})" : "",
                  .token = token})
            .status;
    };
    CHECK(ask("POST", "/merge", "acme") == 200);
    CHECK(ask("POST", "/merge", "reader") == 403);
    CHECK(ask("GET", "/commits", "reader") == 200);
    CHECK(ask("GET", "/changes?from=2", "reader") == 200);
    CHECK(ask("GET", "/merge", "acme") == 405);
    CHECK(ask("POST", "/commits", "acme") == 405);
}

}  // namespace verso::http
