// Actions as typed structs and as documents.
#include <verso/domain/action.hpp>

#include "domain/reading.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace verso;
using test::document;
using test::faults;
using test::Fields;

namespace {

const char* const full_text =
    R"({"name":"Get_Pet$1","type":"http","method":"GET","path":"/pets/{{ param.id }}",)"
    R"("x-order":1.10,)"
    R"("parameters":[{"name":"id","in":"path","required":true,"type":"integer","x-hint":"\u0061"},)"
    R"({"parameter":{"name":"page","x":1}},{"name":"q","in":"query","type":"string",)"
    R"("default":1.10}],)"
    R"("requestBody":{"required":true,"x-b":[],"definitions":[{"definition":{"name":"Pet"},)"
    R"("x-c":1E2}]},)"
    R"("responses":[{"status":200,)"
    R"("definitions":[{"definition":{"id":"0190a0b0-c0d0-7000-8000-00000000000a"}}],"x-d":0},)"
    R"({"definitions":[]}],"summary":"A pet","description":"","tags":["pets"]})";

Action full() { return Action::from_document(document(full_text)).value(); }

}  // namespace

TEST_CASE("action: every member is read", "[domain][action]") {
    const Action action = full();
    CHECK(!action.id);
    CHECK(action.name == "Get_Pet$1");
    CHECK(action.type == "http");
    CHECK(action.method == "GET");
    CHECK(action.path == "/pets/{{ param.id }}");
    REQUIRE(action.parameters.size() == 3);
    const InlineParameter id{.name = "id",
                             .in = ParameterLocation::path,
                             .required = true,
                             .type = ParameterType::integer};
    CHECK(std::get<InlineParameter>(action.parameters[0]) == id);
    CHECK(std::get<SharedParameter>(action.parameters[1]).parameter == Reference{.name = "page"});
    CHECK(std::get<InlineParameter>(action.parameters[2]).default_value == boost::json::value(1.1));
    CHECK(action.request_body->required);
    CHECK(action.request_body->definitions == std::vector<Body>{{{.name = "Pet"}}});
    REQUIRE(action.responses.size() == 2);
    CHECK(action.responses[0].status == 200);
    CHECK(action.responses[0].definitions[0].definition.id ==
          parse_id<ResourceId>("0190a0b0-c0d0-7000-8000-00000000000a").value());
    CHECK(!action.responses[1].status);
    CHECK(action.summary == "A pet");
    CHECK(action.description == "");
}

TEST_CASE("action: unchanged it writes the very text that it was read from", "[domain][action]") {
    CHECK(full().to_document().value().text() == full_text);
    for (const char* const text :
         {R"({"path":"","method":"get","name":"a"})",
          R"({"errors":[],"name":"a","method":"GET","path":"/","parameters":[],)"
          R"("id":"0190A0B0-c0d0-7000-8000-00000000000a"})"})
        CHECK(Action::from_document(document(text)).value().to_document().value().text() == text);
}

TEST_CASE("action: made from nothing it writes its members in the natural order",
          "[domain][action]") {
    const Action action{
        .name = "ListPets",
        .method = "GET",
        .path = "/pets",
        .parameters = {InlineParameter{
                           .name = "limit", .type = ParameterType::integer, .default_value = 20},
                       SharedParameter{{.name = "page"}}},
        .responses = {{.status = 200, .definitions = {{{.name = "Pets"}}}}, {}},
        .summary = "All \"pets\""};
    const Document written = action.to_document().value();
    CHECK(written.text() ==
          R"({"name":"ListPets","type":"http","method":"GET","path":"/pets","parameters":[)"
          R"({"name":"limit","in":"query","required":false,"type":"integer","default":20},)"
          R"({"parameter":{"name":"page"}}],)"
          R"("responses":[{"status":200,"definitions":[{"definition":{"name":"Pets"}}]},)"
          R"({"definitions":[]}],)"
          R"("summary":"All \"pets\""})");
    Action again = Action::from_document(written).value();
    CHECK(again.document == written);
    again.document = {};
    CHECK(again == action);
}

TEST_CASE("action: a change replaces its own tokens only", "[domain][action]") {
    const std::string before = full_text;
    const auto with = [&](std::string_view old_part, std::string_view new_part) {
        std::string text = before;
        return text.replace(text.find(old_part), old_part.size(), new_part);
    };
    const auto changed = [](auto change) {
        Action action = full();
        change(action);
        return action.to_document().value().text();
    };
    CHECK(changed([](Action& a) { a.summary = "Another"; }) == with("\"A pet\"", "\"Another\""));
    CHECK(changed([](Action& a) { a.summary.reset(); }) == with(",\"summary\":\"A pet\"", ""));
    CHECK(changed([](Action& a) { a.request_body.reset(); }).find("requestBody") ==
          std::string::npos);
    CHECK(
        changed([](Action& a) { std::get<InlineParameter>(a.parameters[0]).required = false; }) ==
        with("\"required\":true,\"type\":\"integer\"", "\"required\":false,\"type\":\"integer\""));
    CHECK(changed([](Action& a) { std::get<InlineParameter>(a.parameters[2]).required = true; }) ==
          with("\"default\":1.10}", "\"default\":1.10,\"required\":true}"));
    CHECK(changed([](Action& a) { a.responses.pop_back(); }) ==
          with(",{\"definitions\":[]}]", "]"));
    CHECK(changed([](Action& a) { a.responses[0].definitions.push_back({{.name = "X"}}); }) ==
          with("00a\"}}],\"x-d\"", "00a\"}},{\"definition\":{\"name\":\"X\"}}],\"x-d\""));
    CHECK(changed([](Action& a) { a.id = ResourceId{}; }) ==
          with("\"tags\":[\"pets\"]}",
               "\"tags\":[\"pets\"],\"id\":\"00000000-0000-0000-0000-000000000000\"}"));
    CHECK(changed([](Action& a) { a.parameters.erase(a.parameters.begin()); }) ==
          with(R"({"name":"id","in":"path","required":true,"type":"integer","x-hint":"\u0061"},)",
               ""));
}

TEST_CASE("action: reading what was written after any change gives the changed struct",
          "[domain][action]") {
    std::mt19937_64 random(31);
    for (int round = 0; round < 2000; ++round) {
        INFO("round " << round);
        Action action = full();
        for (int edits = 0; edits < 3; ++edits) {
            switch (random() % 8) {
                case 0: action.name = "n" + std::to_string(random() % 10); break;
                case 1:
                    action.responses.push_back({.status = static_cast<int>(random() % 600)});
                    break;
                case 2:
                    std::shuffle(action.parameters.begin(), action.parameters.end(), random);
                    break;
                case 3:
                    action.parameters.push_back(
                        SharedParameter{{.name = "p" + std::to_string(random() % 3)}});
                    break;
                case 4: action.description = "d" + std::to_string(random() % 10); break;
                case 5:
                    action.request_body = RequestBody{false, {{{.name = "B"}}, {{.name = "Pet"}}}};
                    break;
                case 6: std::reverse(action.responses.begin(), action.responses.end()); break;
                default:
                    if (!action.parameters.empty()) action.parameters.pop_back();
            }
        }
        const Document written = action.to_document().value();
        const Action again = Action::from_document(written).value();
        action.document = written;
        REQUIRE(again == action);
        REQUIRE(written.member("x-order") == "1.10");
        REQUIRE(written.member("tags") == "[\"pets\"]");
        REQUIRE(again.to_document().value() == written);
    }
}

TEST_CASE("action: a document of unknown members alone is kept around it", "[domain][action]") {
    const Action action{
        .name = "a", .method = "GET", .path = "/", .document = document(R"({"x-a":1.10})")};
    const std::string text = action.to_document().value().text();
    CHECK(text.starts_with(R"({"x-a":1.10,"name":"a")"));
}

TEST_CASE("action: every fault is reported under its pointer", "[domain][action]") {
    CHECK(faults<Action>("{}") == Fields{"/name", "/method", "/path"});
    CHECK(faults<Action>(R"({"name":1,"method":null,"path":[]})") ==
          Fields{"/name", "/method", "/path"});
    const auto with = [](const std::string& member) {
        return faults<Action>(R"({"name":"a","method":"GET","path":"/",)" + member + "}");
    };
    CHECK(with(R"("x":1)").empty());
    CHECK(with(R"("type":"http")").empty());
    CHECK(with(R"("type":"soap")") == Fields{"/type"});
    CHECK(with(R"("id":"x")") == Fields{"/id"});
    CHECK(with(R"("summary":1,"description":{})") == Fields{"/summary", "/description"});
    CHECK(with(R"("parameters":{},"responses":"","requestBody":[])") ==
          Fields{"/parameters", "/requestBody", "/responses"});
    CHECK(with(R"("parameters":[5,{}])") ==
          Fields{"/parameters/0", "/parameters/1/name", "/parameters/1/in", "/parameters/1/type"});
    CHECK(with(R"("parameters":[{"name":"a","in":"cookie","type":"object","required":1}])") ==
          Fields{"/parameters/0/in", "/parameters/0/required", "/parameters/0/type"});
    CHECK(
        with(R"("parameters":[{"parameter":{}},{"parameter":"x"},{"parameter":{"id":7}}])") ==
        Fields{"/parameters/0/parameter", "/parameters/1/parameter", "/parameters/2/parameter/id"});
    CHECK(with(R"("responses":[{"status":"200"},{"status":1e2},{"definitions":[{}]},3])") ==
          Fields{"/responses/0/status", "/responses/1/status",
                 "/responses/2/definitions/0/definition", "/responses/3"});
    CHECK(with(R"("requestBody":{"required":"yes","definitions":[{"definition":{"name":1}}]})") ==
          Fields{"/requestBody/required", "/requestBody/definitions/0/definition/name"});
}

TEST_CASE("action: names and methods follow their rules", "[domain][action]") {
    CHECK(faults<Action>(R"({"name":"a b","method":"GET","path":"/"})") == Fields{"/name"});
    CHECK(faults<Action>(R"({"name":"","method":"GET","path":"/"})") == Fields{"/name"});
    CHECK(faults<Action>(R"({"name":"a","method":"","path":"/"})") == Fields{"/method"});
    CHECK(faults<Action>(R"({"name":"a","method":"GET ","path":"/"})") == Fields{"/method"});
    CHECK(faults<Action>(R"({"name":"a","method":"m-SEARCH","path":"/"})").empty());
}

TEST_CASE("action: what cannot be put is refused when it is written", "[domain][action]") {
    CHECK(Action{.name = "a b", .method = "GET", .path = "/"}.to_document().error().code ==
          Errc::resource_invalid);
    CHECK(Action{.name = "a", .type = "soap", .method = "GET", .path = "/"}
              .to_document()
              .error()
              .fields[0]
              .field == "/type");
    CHECK(Action{.name = "a", .method = "GET", .path = "\xff"}.to_document().error().code ==
          Errc::document_invalid);
    CHECK(Action{.name = "a", .method = "GET", .path = "/", .parameters = {SharedParameter{}}}
              .to_document()
              .error()
              .fields[0]
              .field == "/parameters/0/parameter");
    InlineParameter infinite{.name = "p"};
    infinite.default_value = std::numeric_limits<double>::infinity();
    CHECK(Action{.name = "a", .method = "GET", .path = "/", .parameters = {infinite}}
              .to_document()
              .error()
              .code == Errc::document_invalid);
}
