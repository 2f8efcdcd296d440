using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Remote;
using Xunit;
using Reply = TrafficFlow.SystemTests.Analysis.ContractServer.Reply;
using Request = TrafficFlow.SystemTests.Analysis.ContractServer.Request;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>D-Wave's hybrid solvers, byte by byte: the upload of dimod's file, the problem that refers to it, and the sample set that comes back.</summary>
public sealed class DWaveHybridSolverTests
{
    private const string Solver = "hybrid_bqm";
    private const string Definition =
        """{"identity":{"name":"hybrid_bqm"},"status":"ONLINE","properties":{"category":"hybrid","supported_problem_types":["bqm"],"maximum_number_of_variables":1000,"maximum_time_limit_hrs":1,"minimum_time_limit":[[1,2.0],[1025,4.0]]}}""";

    private const string Data =
        """{"type":"SampleSet","version":{"sampleset_schema":"3.1.0"},"num_variables":2,"num_rows":1,"sample_data":{"type":"array","data":[[2]],"data_type":"uint32","shape":[1,1],"use_bytes":false},"sample_type":"int8","sample_packed":true,"vectors":{"energy":{"type":"array","data":[-3.5],"data_type":"float64","shape":[1],"use_bytes":false},"num_occurrences":{"type":"array","data":[1],"data_type":"int64","shape":[1],"use_bytes":false}},"variable_labels":[0,1],"variable_type":"BINARY","info":{"run_time":2994000,"charge_time":3000000,"qpu_access_time":29987}}""";

    /// <summary>The body of dimod's own test file 5x5_v1.bqm (Apache-2.0): a model of which its authors saved what they write.</summary>
    private const string Saved =
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAYQAgAAAAAAAAAAAAAAAAAKEAMAAAAAAAAAAAAAAAAADJAEAAAAAAAAAAAAAAAAAA4QAEAAAAAAAAAAADwPwIAAAAAAAAAAAAAQAMAAAAAAAAAAAAIQAQAAAAAAAAAAAAQ" +
        "QAAAAAAAAAAAAADwPwIAAAAAAAAAAAAcQAMAAAAAAAAAAAAgQAQAAAAAAAAAAAAiQAAAAAAAAAAAAAAAQAEAAAAAAAAAAAAcQAMAAAAAAAAAAAAqQAQAAAAAAAAAAAAsQAAAAAAAAAAAAAAIQAEAAAAAAAAAAAAgQAIAAAAAAAAAAAAqQAQA" +
        "AAAAAAAAAAAzQAAAAAAAAAAAAAAQQAEAAAAAAAAAAAAiQAIAAAAAAAAAAAAsQAMAAAAAAAAAAAAzQA==";

    [Fact]
    public async Task A_job_is_these_requests_and_no_more()
    {
        await using var server = Server();
        var run = new RemoteRun(server) { Settings = new RemoteSettings(server.Address, new SolverCredential(RemoteRun.Token), "planner") { PricePerSecond = 0.5m, TotalTimeout = TimeSpan.FromSeconds(20) } };
        var result = await RemoteRun.SolveAsync(RemoteSolver.DWaveHybrid(run.Gate, run.Settings, Solver));

        var file = File(2, 1, "BINARY", [0.5], [(0, 1.0), (1, -4.0), (1, 2.5), (0, 2.5)]);
        var md5 = Md5(file);
        var auth = $"X-Auth-Token: {RemoteRun.Token}";
        var json = "Accept: application/json";
        Assert.Equal(
            [
                ($"GET /api/solvers/remote/hybrid_bqm HTTP/1.1|Host: {server.Host}|Accept: application/vnd.dwave.sapi.solver-definition+json; version=3.0.0|{auth}", ""),
                ($"POST /api/bqm/multipart HTTP/1.1|Host: {server.Host}|{json}|{auth}|Content-Type: application/json|Content-Length: 12", $"{{\"size\":{file.Length}}}"),
                ($"PUT /api/bqm/multipart/up-1/part/1 HTTP/1.1|Host: {server.Host}|{json}|{auth}|Content-Type: application/octet-stream|Content-MD5: {Convert.ToBase64String(md5)}|Content-Length: {file.Length}", Encoding.Latin1.GetString(file)),
                ($"GET /api/bqm/multipart/up-1/status HTTP/1.1|Host: {server.Host}|{json}|{auth}", ""),
                ($"POST /api/bqm/multipart/up-1/combine HTTP/1.1|Host: {server.Host}|{json}|{auth}|Content-Type: application/json|Content-Length: 47", $"{{\"checksum\":\"{Convert.ToHexStringLower(Md5(md5))}\"}}"),
                ($"POST /api/problems/ HTTP/1.1|Host: {server.Host}|Accept: application/vnd.dwave.sapi.problems+json; version=3.0.0|{auth}|Content-Type: application/json|Content-Length: 121",
                    """[{"solver":{"name":"hybrid_bqm"},"data":{"format":"ref","data":"up-1"},"type":"bqm","params":{"time_limit":2.001953125}}]"""),
                ($"GET /api/problems/p-1 HTTP/1.1|Host: {server.Host}|Accept: application/vnd.dwave.sapi.problem+json; version=3.0.0|{auth}", ""),
            ],
            server.Requests.Select(r => (r.Head.Replace("\r\n", "|", StringComparison.Ordinal), Encoding.Latin1.GetString(r.Body))));
        Assert.Equal((-3.5, 0, TimeSpan.FromSeconds(3), 1.5m, 1), (result.Energy, result.Service!.WrongEnergies, result.Service.Charged!.Value, result.Service.Cost!.Value, result.Service.Reads!.Value));
        // One departure holds the model; the others are about it.
        Assert.Equal([("dimod-bqm", true), ("sapi-upload", false), ("sapi-upload", false), ("sapi-ref", false)], run.Departures.Select(d => (d.Kind, d.HoldsModel)));
        Assert.Equal("header.shape[] header.vartype linear[].bias linear[].start offset quadratic[].bias quadratic[].variable", string.Join(' ', run.Departures[0].Fields));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), run.Departures[0].Sha256);
    }

    [Fact]
    public async Task A_model_of_spins_goes_and_comes_in_spins()
    {
        await using var server = Server(Data.Replace("BINARY", "SPIN", StringComparison.Ordinal));
        var run = new RemoteRun(server);
        var result = await RemoteRun.SolveAsync(RemoteSolver.DWaveHybrid(run.Gate, run.Settings, Solver), RemoteRun.Model.ChangeVartype(Vartype.Spin));

        Assert.Equal(new sbyte[] { -1, 1 }, result.Sample);
        Assert.Equal((-3.5, 0), (result.Energy, result.Service!.WrongEnergies));
        Assert.Contains("\"vartype\": \"SPIN\"", Encoding.Latin1.GetString(server.Requests[2].Body), StringComparison.Ordinal);
    }

    /// <summary>But for the width of the starts, version 2 has the body of version 1.</summary>
    [Fact]
    public void The_file_has_the_bytes_that_dimod_has_saved()
    {
        var builder = new QuadraticModelBuilder(Vartype.Binary);
        for (var i = 0; i < 5; i++) builder.AddLinear(VariableLabel.Of(i), 6 * i);
        for (var i = 0; i < 5; i++) for (var j = i + 1; j < 5; j++) builder.AddQuadratic(i, j, (5 * i) + j);
        var file = DimodBqmFile.Write(NumericModel.Of(builder.Build()));
        var saved = Convert.FromBase64String(Saved);
        byte[] expected = [.. saved[..8], .. Enumerable.Range(0, 5).SelectMany(i => (byte[])[.. saved[(8 + (16 * i))..(12 + (16 * i))], .. saved[(16 + (16 * i))..(24 + (16 * i))]]), .. saved[88..]];

        Assert.Equal(expected, file[^expected.Length..]);
        Assert.Equal(0, (file.Length - expected.Length) % 64);
        Assert.Equal(file.Length - expected.Length - 14, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(10)));
        Assert.NotEmpty(DimodBqmFile.Inspect(file));
    }

    /// <summary>Every byte of the file is looked at: whichever is changed or added, it is numbers in their places or it does not leave.</summary>
    [Fact]
    public void No_byte_of_a_file_can_carry_anything_else()
    {
        var file = DimodBqmFile.Write(NumericModel.Of(RemoteRun.Model));
        var body = file.Length - 8 - (12 * 4);
        for (var i = 0; i < body; i++)
        {
            foreach (var value in (byte[])[(byte)'S', (byte)' ', 0])
            {
                var changed = file.ToArray();
                if (changed[i] == value) continue;
                changed[i] = value;
                Assert.Throws<DepartureRefusedException>(() => DimodBqmFile.Inspect(changed));
            }
        }

        Assert.Throws<DepartureRefusedException>(() => DimodBqmFile.Inspect([.. file, .. "VARS"u8]));
        Assert.Throws<DepartureRefusedException>(() => DimodBqmFile.Inspect(file[..^1]));
        Assert.Throws<DepartureRefusedException>(() => DimodBqmFile.Inspect([.. "Suzuki"u8]));
        foreach (var (at, bytes) in ((int, byte[])[])[(body, [0, 0, 0, 0, 0, 0, 0xF8, 0x7F]), (body + 8, [1, 0, 0, 0]), (body + 20, [9, 0, 0, 0]), (body + 32, [7, 0, 0, 0]), (body + 32, [0, 0, 0, 0])])
        {
            var changed = file.ToArray();
            bytes.CopyTo(changed, at);
            Assert.Throws<DepartureRefusedException>(() => DimodBqmFile.Inspect(changed));
        }
    }

    [Theory]
    [InlineData("\"num_variables\":2", "\"num_variables\":3", "its variables are not those")]
    [InlineData("[0,1]", "[1,0]", "its variables are not those")]
    [InlineData("BINARY", "SPIN", "the other kind of values")]
    [InlineData("[[2]]", "[[2,0]]", "a sample has 2 words, and 1 are expected")]
    [InlineData("[[2]]", "[[-1]]", "no word of bits")]
    [InlineData("[[2]]", "[2]", "a sample is no list")]
    [InlineData("[[2]]", "[[2],[1]]", "a list has 2 values for 1 samples")]
    [InlineData("[-3.5]", "[null]", "an energy is no number")]
    [InlineData("\"data\":[1],\"data_type\":\"int64\"", "\"data\":[0],\"data_type\":\"int64\"", "does not count its samples")]
    [InlineData("\"use_bytes\":false}},\"variable_labels\"", "\"use_bytes\":true}},\"variable_labels\"", "is in bytes")]
    [InlineData("3.1.0", "2.0.0", "no sample set of schema 3")]
    [InlineData("\"type\":\"SampleSet\"", "\"type\":\"Other\"", "no sample set of schema 3")]
    public async Task An_answer_that_is_none_is_refused_with_the_reason(string good, string bad, string expected)
    {
        Assert.Contains(good, Data, StringComparison.Ordinal);
        await using var server = Server(Data.Replace(good, bad, StringComparison.Ordinal));
        var run = new RemoteRun(server);
        var error = await RemoteRun.FailAsync(RemoteSolver.DWaveHybrid(run.Gate, run.Settings, Solver));

        Assert.Equal(RemoteFailure.BadAnswer, error.Failure);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("multipart", """{"id":"../problems"}""", "no name")]
    [InlineData("part/1", "nothing", "no JSON")]
    [InlineData("status", """{"status":"UPLOAD_IN_PROGRESS","parts":[]}""", "does not tell of one")]
    [InlineData("status", """{"status":"UPLOAD_IN_PROGRESS","parts":[{"part_number":1,"checksum":"00"}]}""", "did not come whole")]
    [InlineData("hybrid_bqm", """{"identity":{"name":"hybrid_bqm"},"properties":{"supported_problem_types":["cqm"],"minimum_time_limit":[[1,2]]}}""", "takes no binary quadratic models by upload")]
    [InlineData("hybrid_bqm", """{"identity":{"name":"hybrid_bqm"},"properties":{"qubits":[]}}""", "may be no hybrid solver")]
    [InlineData("hybrid_bqm", """{"identity":{"name":"hybrid_bqm"},"properties":{"supported_problem_types":["bqm"],"maximum_number_of_variables":1,"minimum_time_limit":[[1,2]]}}""", "the model has 2 variables")]
    public async Task A_service_that_speaks_otherwise_gets_no_problem(string path, string body, string expected)
    {
        await using var server = Server(Data, path, body);
        var run = new RemoteRun(server);
        var error = await RemoteRun.FailAsync(RemoteSolver.DWaveHybrid(run.Gate, run.Settings, Solver));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, r => r.Line.Contains("/problems/", StringComparison.Ordinal) && r.Line.StartsWith("POST", StringComparison.Ordinal));
    }

    private static ContractServer Server(string data = Data, string? path = null, string? body = null)
    {
        byte[] uploaded = [];
        Reply Answer(Request request)
        {
            if (path is not null && request.Line.Split(' ')[1].EndsWith(path, StringComparison.Ordinal)) return new Reply(200, body!, "");
            var target = request.Line.Split(' ')[1]["/api/".Length..];
            if (target.EndsWith("part/1", StringComparison.Ordinal)) uploaded = request.Body;
            return target switch
            {
                "solvers/remote/hybrid_bqm" => new Reply(200, Definition, "application/vnd.dwave.sapi.solver-definition+json; version=3.0.0"),
                "bqm/multipart" => new Reply(201, """{"id":"up-1"}"""),
                "bqm/multipart/up-1/part/1" => new Reply(200, "{}"),
                "bqm/multipart/up-1/status" => new Reply(200, $$"""{"status":"UPLOAD_IN_PROGRESS","parts":[{"part_number":1,"checksum":"\"{{Convert.ToHexStringLower(Md5(uploaded))}}\""}]}"""),
                "bqm/multipart/up-1/combine" => new Reply(200, "{}"),
                "problems/" => new Reply(202, """[{"id":"p-1","status":"PENDING"}]""", ""),
                "problems/p-1" => new Reply(200, """{"id":"p-1","status":"COMPLETED","type":"bqm","answer":{"format":"bq","data":""" + data + "}}", ""),
                _ => new Reply(404, "{}"),
            };
        }

        return new ContractServer(Answer);
    }

    /// <summary>By hand, from the description of the format.</summary>
    private static byte[] File(int variables, int couplings, string vartype, double[] offset, (int Index, double Bias)[] entries)
    {
        var json = $"{{\"dtype\": \"float64\", \"itype\": \"int32\", \"ntype\": \"int32\", \"shape\": [{variables}, {couplings}], \"type\": \"BinaryQuadraticModel\", \"variables\": false, \"vartype\": \"{vartype}\"}}\n";
        json = json.PadRight(((json.Length + 14 + 63) / 64 * 64) - 14);
        return
        [
            .. "DIMODBQM"u8, 2, 0, .. BitConverter.GetBytes(json.Length), .. Encoding.ASCII.GetBytes(json), .. BitConverter.GetBytes(offset[0]),
            .. entries.SelectMany(e => (byte[])[.. BitConverter.GetBytes(e.Index), .. BitConverter.GetBytes(e.Bias)]),
        ];
    }

    private static byte[] Md5(byte[] bytes)
    {
#pragma warning disable CA5351 // The service's checksum.
        return MD5.HashData(bytes);
#pragma warning restore CA5351
    }
}
