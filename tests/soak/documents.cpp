#include "soak/documents.hpp"

#include <string>

namespace verso::soak {

Document parameter(std::string_view name, std::string_view description) {
    std::string text = R"({"name":")";
    text.append(name).append(R"(","in":"query","required":false,"type":"string","description":")");
    return Document::parse(text.append(description).append(R"("})")).value();
}

Document action(std::uint64_t number, std::string_view description) {
    std::string text = R"({"name":"action)" + std::to_string(number);
    text += R"(","type":"http","method":"GET","path":"/","parameters":[],)";
    text += R"("responses":[{"status":200}],"description":")";
    return Document::parse(text.append(description).append(R"("})")).value();
}

}  // namespace verso::soak
