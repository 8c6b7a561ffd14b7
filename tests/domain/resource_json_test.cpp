// The library's values on the wire.
#include "domain/resource_json.hpp"
#include "domain/reading.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using test::document;
using namespace std::chrono_literals;

namespace {

template <class AnyId>
AnyId id(char digit) {
    return parse_id<AnyId>(std::string("0190a0b0-c0d0-7000-8000-00000000000") + digit).value();
}

}  // namespace

TEST_CASE("resource json: a connection", "[domain][json]") {
    const Connection connection{.id = id<ConnectionId>('1'),
                                .organisation = id<OrganisationId>('2'),
                                .name = "Git\"Hub",
                                .properties = document(R"({"timeout":1.10})"),
                                .created_at = Timestamp{1ms},
                                .updated_at = Timestamp{2ms}};
    CHECK(to_json(connection) ==
          R"({"id":"0190a0b0-c0d0-7000-8000-000000000001",)"
          R"("organisationId":"0190a0b0-c0d0-7000-8000-000000000002",)"
          R"("name":"Git\"Hub","properties":{"timeout":1.10},)"
          R"("createdAt":"1970-01-01T00:00:00.001Z","updatedAt":"1970-01-01T00:00:00.002Z"})");
}

TEST_CASE("resource json: a draft and a published version", "[domain][json]") {
    ConnectionVersion version{.id = id<VersionId>('3'), .name = "1.0.0"};
    CHECK(version.is_draft());
    CHECK(to_json(version) ==
          R"({"id":"0190a0b0-c0d0-7000-8000-000000000003","name":"1.0.0","description":"",)"
          R"("isLatest":false,)"
          R"("isDefault":false,"createdAt":"1970-01-01T00:00:00.000Z",)"
          R"("updatedAt":"1970-01-01T00:00:00.000Z",)"
          R"("publishedAt":null,"revision":1})");
    version.published_at = Timestamp{3ms};
    version.is_latest = true;
    version.revision = 18446744073709551615U;
    CHECK(version.is_published());
    CHECK(to_json(version).ends_with(
        R"("publishedAt":"1970-01-01T00:00:00.003Z","revision":18446744073709551615})"));
    CHECK(to_json(version).find(R"("isLatest":true)") != std::string::npos);
}

TEST_CASE("resource json: a commit, and where a version came from", "[domain][json]") {
    Commit commit{.number = 7,
                  .id = id<VersionId>('5').value,
                  .time = Timestamp{1ms},
                  .version = id<VersionId>('3'),
                  .author = "ada",
                  .message = "m",
                  .added = 1,
                  .changed = 2,
                  .removed = 3,
                  .renamed = 4};
    CHECK(to_json(commit) ==
          R"({"number":7,"id":"0190a0b0-c0d0-7000-8000-000000000005",)"
          R"("time":"1970-01-01T00:00:00.001Z",)"
          R"("versionId":"0190a0b0-c0d0-7000-8000-000000000003","author":"ada","message":"m",)"
          R"("added":1,"changed":2,"removed":3,"renamed":4,"parent":null,"merged":[]})");
    commit.parent = 6;
    commit.merged = {4, 5};
    CHECK(to_json(commit).ends_with(R"("parent":6,"merged":[4,5]})"));

    VersionOrigin origin{.version = id<VersionId>('3'), .name = "1.0.0"};
    CHECK(to_json(origin) == R"({"id":"0190a0b0-c0d0-7000-8000-000000000003","name":"1.0.0"})");
    origin.origin = id<VersionId>('4');
    origin.origin_name = "0.9";
    origin.commit = 6;
    CHECK(to_json(origin).ends_with(R"("fromId":"0190a0b0-c0d0-7000-8000-000000000004",)"
                                    R"("fromName":"0.9","fromCommit":6})"));
}

TEST_CASE("resource json: the id comes before a resource's own members", "[domain][json]") {
    const Resource action{Kind::action, id<ResourceId>('4'), "a",
                          document(R"({"name":"a","x":1.10})")};
    CHECK(to_json(action) ==
          R"({"id":"0190a0b0-c0d0-7000-8000-000000000004","name":"a","x":1.10})");
}

TEST_CASE("resource json: a document of any shape stands by itself", "[domain][json]") {
    const Resource link{Kind::link, id<ResourceId>('4'), "l", document(R"({"id":1})")};
    CHECK(to_json(link) ==
          R"({"id":"0190a0b0-c0d0-7000-8000-000000000004","type":"link","name":"l",)"
          R"("document":{"id":1}})");
}

TEST_CASE("resource json: what is known of a resource comes after its members", "[domain][json]") {
    DescribedResource described{
        .resource = {Kind::action, id<ResourceId>('4'), "a", document(R"({"name":"a"})")}};
    const std::string start = R"({"id":"0190a0b0-c0d0-7000-8000-000000000004","name":"a")";
    CHECK(to_json(described) == start + "}");
    described.errors.emplace();
    CHECK(to_json(described) == start + R"(,"errors":[]})");
    described.errors = {{"/path", "m", Severity::error}, {"", "n", Severity::warning}};
    CHECK(to_json(described) == start + R"(,"errors":[{"field":"/path","message":"m","severity":)"
                                        R"("error"},{"field":"","message":"n","severity":)"
                                        R"("warning"}]})");
    described = {
        .resource = {Kind::parameter, id<ResourceId>('4'), "a", document(R"({"name":"a"})")}};
    CHECK(to_json(described) == start + R"(,"referencedBy":[]})");
    described.referenced_by = {{Kind::action, id<ResourceId>('5'), "b"}};
    CHECK(to_json(described) == start +
                                    R"(,"referencedBy":[{"type":"action",)"
                                    R"("id":"0190a0b0-c0d0-7000-8000-000000000005","name":"b"}]})");
}

TEST_CASE("resource json: changes of every type", "[domain][json]") {
    Change change{.type = ChangeType::added,
                  .kind = Kind::definition,
                  .id = id<ResourceId>('5'),
                  .name = "B"};
    change.after = document("{}");
    CHECK(to_json(change) ==
          R"({"change":"added","type":"definition",)"
          R"("id":"0190a0b0-c0d0-7000-8000-000000000005","name":"B","after":{}})");
    change.type = ChangeType::renamed;
    change.old_name.emplace("A");
    change.before = document(R"({"a":1.0})");
    CHECK(to_json(change) == R"({"change":"renamed","type":"definition",)"
                             R"("id":"0190a0b0-c0d0-7000-8000-000000000005","name":"B",)"
                             R"("oldName":"A","before":{"a":1.0},"after":{}})");
    CHECK(to_string(ChangeType::removed) == "removed");
    CHECK(to_string(ChangeType::changed) == "changed");
}

TEST_CASE("resource json: conflicts of a place and of a name", "[domain][json]") {
    Conflict conflict{.kind = Kind::action,
                      .id = id<ResourceId>('6'),
                      .name = "List",
                      .pointer = "/path",
                      .base = "1.0"};
    conflict.theirs = "\"x\"";
    conflict.resolution = {Take::theirs};
    CHECK(to_json(conflict) ==
          R"({"conflict":"content","type":"action","id":"0190a0b0-c0d0-7000-8000-000000000006",)"
          R"("name":"List","pointer":"/path","base":1.0,"theirs":"x","taken":"theirs"})");
    CHECK(to_json(Conflict{.type = ConflictType::name,
                           .id = id<ResourceId>('6'),
                           .name = "List",
                           .ours = "{}",
                           .other = id<ResourceId>('7')}) ==
          R"({"conflict":"name","type":"action","id":"0190a0b0-c0d0-7000-8000-000000000006",)"
          R"("name":"List","ours":{},"other":"0190a0b0-c0d0-7000-8000-000000000007",)"
          R"("taken":"unresolved"})");
}

TEST_CASE("resource json: errors with and without fields", "[domain][json]") {
    CHECK(to_json(Error{Errc::version_not_found, "no 'x'", {}}) ==
          R"({"code":"version_not_found","message":"no 'x'"})");
    CHECK(to_json(Error{Errc::name_invalid, "bad \xff\n", {{"/a", "is bad"}, {"\xc3", "x"}}}) ==
          "{\"code\":\"name_invalid\",\"message\":\"bad \xef\xbf\xbd\\n\",\"fields\":["
          "{\"field\":\"/a\",\"message\":\"is "
          "bad\"},{\"field\":\"\xef\xbf\xbd\",\"message\":\"x\"}]}");
}
