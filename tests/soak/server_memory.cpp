// Goal: where memory is out, a server answers that, or cuts the connection off, and goes on: as
// soon as there is memory it answers as ever, and it stops when it is told to.
// Method: requests of a client while of the server's allocations one in so many is refused, from
// few to half of them. COUNT: the requests of each share.
#include <verso/http.hpp>
#include <verso/store.hpp>

#include "server/running_server.hpp"
#include "soak/refused_allocations.hpp"
#include "soak/soak.hpp"
#include "soak/worker.hpp"

#include <string>

using namespace verso;
using namespace verso::soak;

namespace {

class Subject {
public:
    Subject() { store_.create_version(connection_, {.name = "1"}).value(); }

    [[nodiscard]] std::string list() const {
        return server::get(versions_, "Cookie: cookie=c\r\nConnection: close\r\n");
    }
    [[nodiscard]] std::string put_one(std::uint64_t number) const {
        return server::post(versions_ + "/1/parameters",
                            R"({"name":"p)" + std::to_string(number) +
                                R"(","in":"query","required":true,"type":"string"})",
                            "Cookie: cookie=c\r\nContent-Type: application/json\r\n"
                            "Connection: close\r\n");
    }
    /// The status of the answer; 0: none came.
    [[nodiscard]] int ask(const std::string& request) const {
        server::Client client = server_.connect();
        client.send(request);
        std::string received = client.receive_all();
        const auto answer = server::take_answer(received);
        return answer ? answer->status : 0;
    }
    void check() const { check_sound(store_); }

private:
    Store store_ = Store::temporary({.durability = Durability::none}).value();
    ConnectionId connection_ = store_.create_connection({}, {.name = "Soak"}).value().id;
    std::string versions_ = "/o/00000000-0000-0000-0000-000000000000/connections/" +
                            to_string(connection_) + "/versions";
    http::Adapter adapter_{store_, {.authenticator = [](const auto&) {
                               return http::Principal{.is_member_of_all = true};
                           }}};
    server::RunningServer server_{
        [this](const http::Request& request) { return adapter_.handle(request); },
        server::any_port()};
};

std::string refuse_memory(const Plan& plan) {
    is_spared = true;  // the client
    const Subject subject;
    expect(subject.ask(subject.list()) == 200, "the server does not start");
    expect(subject.ask(subject.put_one(0)) == 201, "the server does not write");
    Random random(plan.seed);
    std::uint64_t answered = 0;
    std::uint64_t refused = 0;
    std::uint64_t number = 0;
    for (const std::uint64_t one_in : {997U, 331U, 101U, 53U, 29U, 17U, 11U, 7U, 5U, 3U, 2U}) {
        refused_one_in = one_in + below(random, one_in);
        for (std::uint64_t left = plan.count; left > 0; --left) {
            const int status =
                subject.ask(left % 3 == 0 ? subject.put_one(++number) : subject.list());
            expect(status < 400 || status >= 500, "answered " + std::to_string(status));
            ++(status >= 200 && status < 300 ? answered : refused);
        }
        refused_one_in = 0;
        const int status = subject.ask(subject.list());
        expect(status == 200, "one allocation in " + std::to_string(one_in) +
                                  " was refused, and then a request was answered " +
                                  std::to_string(status));
        subject.check();
    }
    expect(answered > 0 && refused > 0, "all requests went one way, so nothing was tried");
    return std::to_string(answered) + " requests answered, " + std::to_string(refused) +
           " not, for want of memory; the server went on";
}

}  // namespace

int main(int argc, char** argv) { return run(argc, argv, 150, refuse_memory); }
