// What a RequestReader makes of bytes that come in pieces.
#pragma once

#include "server/request_reader.hpp"

#include <boost/asio/buffer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace verso::server {

/// All requests that were read, and how that ended, as text. What comes behind a fault, or a body
/// too large, is not read.
inline std::string read_outcome(const ReadLimits& limits,
                                const std::vector<std::string_view>& pieces) {
    RequestReader reader(limits);
    boost::beast::flat_buffer bytes;
    std::string outcome;
    for (const std::string_view piece : pieces) {
        bytes.commit(
            boost::asio::buffer_copy(bytes.prepare(piece.size()), boost::asio::buffer(piece)));
        while (reader.read(bytes) == RequestReader::State::complete) {
            const http::Request& request = reader.request();
            outcome.append(request.method).append(" ").append(request.target).append("\n");
            for (const auto& [name, value] : request.headers)
                outcome.append(name).append(": ").append(value).append("\n");
            outcome.append(request.body).append("\n");
            if (request.is_body_too_large) return outcome.append("too large");
            reader.reset();
        }
        if (reader.state() == RequestReader::State::faulty)
            return outcome.append(std::to_string(reader.fault().status))
                .append(": ")
                .append(reader.fault().message);
    }
    return outcome.append(reader.state() == RequestReader::State::body ? "in the body" : "at rest");
}

}  // namespace verso::server
