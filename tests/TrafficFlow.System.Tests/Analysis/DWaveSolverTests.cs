using System.Buffers.Binary;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Remote;
using Xunit;
using Reply = TrafficFlow.SystemTests.Analysis.ContractServer.Reply;
using Request = TrafficFlow.SystemTests.Analysis.ContractServer.Request;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>D-Wave's Solver API, byte by byte, against what dwave-cloud-client sends and reads.</summary>
public sealed class DWaveSolverTests
{
    private const string Solver = "Advantage_test1";

    /// <summary>Qubits that begin at 30, a triangle of couplers and one more.</summary>
    private const string Definition =
        """
        {"identity":{"name":"Advantage_test1","version":{"graph_id":"01d07086e1"}},"status":"ONLINE","description":"","avg_load":0.1,
         "properties":{"qubits":[30,31,35],"couplers":[[30,35],[31,30],[31,35]],"supported_problem_types":["qubo","ising"],"num_reads_range":[1,3]}}
        """;

    private static readonly string Lin = Base64(1, -4, double.NaN);

    private static readonly string Quad = Base64(2.5);

    private static readonly string Body =
        $$$"""[{"solver":{"name":"Advantage_test1","version":{"graph_id":"01d07086e1"}},"data":{"format":"qp","lin":"{{{Lin}}}","quad":"{{{Quad}}}"},"type":"qubo","params":{"num_reads":3}}]""";

    /// <summary>Samples 01 (twice) and 11, each in a byte of its own, energies without the offset.</summary>
    private static readonly string Answer = Answered([0b0100_0000, 0b1100_0000], [-4.0, -0.5], [2, 1], [30, 31]);

    [Fact]
    public async Task The_requests_are_these_bytes_and_no_more()
    {
        await using var server = Server(Status("COMPLETED", Answer));
        var run = new RemoteRun(server);
        var result = await RemoteRun.SolveAsync(run.DWave());

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(
            $"GET /api/solvers/remote/{Solver} HTTP/1.1\r\nHost: {server.Host}\r\nAccept: application/vnd.dwave.sapi.solver-definition+json; version=3.0.0\r\nX-Auth-Token: {RemoteRun.Token}",
            server.Requests[0].Head);
        Assert.Equal(
            $"POST /api/problems/ HTTP/1.1\r\nHost: {server.Host}\r\nAccept: application/vnd.dwave.sapi.problems+json; version=3.0.0\r\nX-Auth-Token: {RemoteRun.Token}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}",
            server.Requests[1].Head);
        Assert.Equal(Body, server.Requests[1].Text);
        Assert.Equal((-3.5, 0), (result.Energy, result.Service!.WrongEnergies));
        // Two reads ended in the first sample, one in the second.
        Assert.Equal(new ServiceSample[] { new(-3.5, true, 2), new(0, true, 1) }, result.Service.Samples);
        Assert.Equal((3, 3, 2), (result.Reads, result.Service.Reads!.Value, result.Service.ReadsAtMost(-3.5)!.Value));
        Assert.Equal(TimeSpan.FromMicroseconds(12345), result.Service.Charged);
        Assert.Equal("sapi-qp", Assert.Single(run.Departures).Kind);
    }

    /// <summary>The bytes of struct.pack('&lt;3d', 1.0, -4.0, float('nan')), not those of any code here.</summary>
    [Fact]
    public void Biases_are_little_endian_doubles_as_Python_packs_them()
    {
        Assert.Equal(Convert.ToBase64String(Convert.FromHexString("000000000000F03F" + "00000000000010C0" + "000000000000F87F")), Lin);
        Assert.Equal(Convert.ToBase64String(Convert.FromHexString("0000000000000440")), Quad);
    }

    [Fact]
    public async Task A_problem_is_asked_for_until_it_is_done_and_its_answer_then()
    {
        var asked = 0;
        await using var server = Server(Status("PENDING"), r => r.Line.Contains("/answer", StringComparison.Ordinal)
            ? new Reply(200, $$"""{"answer":{{Answer}}}""", "application/vnd.dwave.sapi.problem-answer+json; version=3.0.0")
            : Problem(Status(++asked < 3 ? "IN_PROGRESS" : "COMPLETED")));
        var result = await RemoteRun.SolveAsync(new RemoteRun(server).DWave());

        Assert.Equal(new sbyte[] { 0, 1 }, result.Sample);
        Assert.Equal("ab-12", result.Service!.Job);
        var polls = server.Requests.Skip(2).ToList();
        Assert.All(polls.Take(3), r => Assert.Equal(
            $"GET /api/problems/ab-12 HTTP/1.1\r\nHost: {server.Host}\r\nAccept: application/vnd.dwave.sapi.problem+json; version=3.0.0\r\nX-Auth-Token: {RemoteRun.Token}", r.Head));
        Assert.True(polls[3].Is("GET", "/api/problems/ab-12/answer"));
        Assert.Equal(4, polls.Count);
    }

    [Fact]
    public async Task Samples_of_more_than_eight_variables_go_over_bytes_the_most_significant_bit_first()
    {
        var builder = new QuadraticModelBuilder(Vartype.Spin);
        for (var i = 0; i < 10; i++) builder.AddLinear(VariableLabel.Of(i), i % 3 == 0 ? -1 : 1);
        var qubits = string.Join(',', Enumerable.Range(0, 10));
        var definition = Definition.Replace("[30,31,35]", $"[{qubits}]", StringComparison.Ordinal).Replace("[[30,35],[31,30],[31,35]]", "[]", StringComparison.Ordinal);
        // Variables 0, 3, 6, 9 are up.
        var answer = Answered([0b1001_0010, 0b0100_0000], [-10], [1], [.. Enumerable.Range(0, 10)]);
        await using var server = Server(Status("COMPLETED", answer, type: "ising"), definition: definition);
        var result = await RemoteRun.SolveAsync(new RemoteRun(server).DWave(), RemoteRun.Built(builder));

        Assert.Equal(-10, result.Energy);
        Assert.Equal(0, result.Service!.WrongEnergies);
        Assert.Contains("\"type\":\"ising\"", server.Requests[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_whose_couplings_the_graph_does_not_have_is_not_sent()
    {
        await using var server = Server(Status("COMPLETED", Answer), definition: Definition.Replace("[31,30],", "", StringComparison.Ordinal));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).DWave());

        Assert.Equal(RemoteFailure.Unsuitable, error.Failure);
        Assert.Contains("choose a solver that embeds models itself", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_problem_of_a_search_that_is_cancelled_is_cancelled_too()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = Server(Status("PENDING"), r =>
        {
            if (r.Line.StartsWith("GET", StringComparison.Ordinal)) cancellation.Cancel();
            return Problem(Status("IN_PROGRESS"));
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new RemoteRun(server).DWave().SolveAsync(RemoteRun.Model, new SolverSettings(), null, cancellation.Token));

        Assert.Equal(
            $"DELETE /api/problems/ab-12 HTTP/1.1\r\nHost: {server.Host}\r\nAccept: application/vnd.dwave.sapi.problem+json; version=3.0.0\r\nX-Auth-Token: {RemoteRun.Token}",
            server.Requests[^1].Head);
    }

    [Fact]
    public async Task A_problem_that_takes_too_long_is_cancelled()
    {
        await using var server = Server(Status("PENDING"), _ => Problem(Status("PENDING")));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).DWave(), new SolverSettings { TimeLimit = TimeSpan.FromSeconds(3) });

        Assert.Equal(RemoteFailure.Late, error.Failure);
        Assert.True(server.Requests[^1].Is("DELETE", "/api/problems/ab-12"));
    }

    public static TheoryData<string, RemoteFailure, string> Statuses => new()
    {
        { Status("FAILED", message: "too hot"), RemoteFailure.Failed, "too hot" },
        { Status("CANCELLED"), RemoteFailure.Cancelled, "not by this program" },
        { Status("SLEEPING"), RemoteFailure.BadAnswer, "does not have" },
        { Status("COMPLETED", Answer).Replace("ab-12", "cd-34", StringComparison.Ordinal), RemoteFailure.BadAnswer, "another problem" },
        { """{"error_code":400,"error_msg":"quota exceeded"}""", RemoteFailure.Failed, "quota exceeded" },
        { "7", RemoteFailure.BadAnswer, "tells no problem" },
        { """{"id":"ab-12"}""", RemoteFailure.BadAnswer, "does not have" },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_problem_that_ends_otherwise_is_told_as_what_it_is(string status, RemoteFailure failure, string expected)
    {
        await using var server = Server(Status("PENDING"), _ => Problem(status));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).DWave());

        Assert.Equal(failure, error.Failure);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.True(server.Requests[^1].Is("DELETE", "/api/problems/ab-12"));
    }

    /// <summary>In the answer to the submission itself, and in a later one: from when its name is known, a problem that gives no answer is not left to run.</summary>
    [Theory]
    [InlineData(500, "{}", RemoteFailure.Failed)]
    [InlineData(401, "{}", RemoteFailure.Unauthorized)]
    [InlineData(402, "{}", RemoteFailure.Quota)]
    [InlineData(404, "{}", RemoteFailure.Failed)]
    [InlineData(200, "{\"id\":\"ab-12\",\"status\":\"\\ud800\"}", RemoteFailure.BadAnswer)]
    public async Task A_problem_that_cannot_be_asked_for_any_more_is_cancelled(int status, string body, RemoteFailure failure)
    {
        await using var server = Server(Status("PENDING"), _ => Problem(body) with { Status = status });
        var error = await RemoteRun.FailAsync(new RemoteRun(server).DWave());

        Assert.Equal(failure, error.Failure);
        Assert.True(server.Requests[^1].Is("DELETE", "/api/problems/ab-12"));
    }

    [Fact]
    public async Task A_problem_whose_submission_is_answered_with_nonsense_is_cancelled()
    {
        foreach (var submitted in (string[])[Status("SLEEPING"), Status("COMPLETED", "[]"), Status("FAILED", message: "too hot")])
        {
            await using var server = Server(submitted);
            await RemoteRun.FailAsync(new RemoteRun(server).DWave());

            Assert.True(server.Requests[^1].Is("DELETE", "/api/problems/ab-12"), submitted);
        }
    }

    [Fact]
    public async Task A_problem_of_a_caller_who_fails_at_its_progress_is_cancelled()
    {
        await using var server = Server(Status("PENDING"), _ => Problem(Status("PENDING")));
        await Assert.ThrowsAnyAsync<Exception>(() => RemoteRun.SolveAsync(new RemoteRun(server).DWave(), progress: new Broken()));

        Assert.True(server.Requests[^1].Is("DELETE", "/api/problems/ab-12"));
    }

    /// <summary>In every text that a message repeats: also escaped, within an object, and where the text is cut.</summary>
    public static TheoryData<string, string> TokenTexts => new()
    {
        { Definition.Replace("\"ONLINE\"", $"\"{RemoteRun.Token}\"", StringComparison.Ordinal), "" },
        { Definition.Replace("\"ONLINE\"", $"\"{Escaped}\"", StringComparison.Ordinal), "" },
        { Definition, $$"""{"error_msg":"{{RemoteRun.Token}} is wrong"}""" },
        { Definition, $$"""{"error_code":"{{RemoteRun.Token}}","error_msg":"{{Escaped}}"}""" },
        { Definition, $$$"""{"error_msg":{"{{{Escaped}}}":["{{{Escaped}}}"]}}""" },
        { Definition, $$"""{"error_msg":"{{new string('x', 185)}}{{RemoteRun.Token}}"}""" },
        { Definition, $$"""{"error_msg":"{{RemoteRun.Token.ToLowerInvariant()}}"}""" },
        { Definition, Status("FAILED", message: RemoteRun.Token) },
        { Definition, Status("FAILED", message: Escaped) },
        { Definition, Status("FAILED", message: new string('x', 190) + RemoteRun.Token) },
        { Definition, Status(RemoteRun.Token) },
        { Definition, $$"""{"id":"{{RemoteRun.Token}}","status":"PENDING"}""" },
        { Definition.Replace("01d07086e1", RemoteRun.Token, StringComparison.Ordinal), "" },
    };

    private static string Escaped => string.Concat(RemoteRun.Token.Select(c => $"\\u{(int)c:x4}"));

    [Theory]
    [MemberData(nameof(TokenTexts))]
    public async Task A_token_that_the_service_sends_back_in_a_text_is_not_told(string definition, string submitted)
    {
        await using var server = Server(submitted, definition: definition);
        await RemoteRun.FailAsync(new RemoteRun(server).DWave());

        Assert.DoesNotContain(server.Requests, r => r.Line.Contains(RemoteRun.Token, StringComparison.Ordinal) || r.Text.Contains(RemoteRun.Token, StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Answers => new()
    {
        { Answered([0b0100_0000], [-4.0, -0.5], [2, 1], [30, 31]), "its solutions are 1 bytes, and 2 of 1 bytes are expected" },
        { Answered([0b0100_0000], [-4.0], [2], [30, 35]), "active variables" },
        { Answered([0b0100_0000], [-4.0], [2], [30]), "active variables" },
        { Answered([0b0100_0000], [-4.0], [2, 1], [30, 31]), "does not count its samples" },
        { Answered([0b0100_0000], [-4.0], [0], [30, 31]), "does not count its samples" },
        { Answered([], [], [], [30, 31]), "no sample" },
        { Answer.Replace("\"energies\":\"", "\"energies\":\"?", StringComparison.Ordinal), "energies is no base64" },
        { Answer.Replace("\"energies\"", "\"energy\"", StringComparison.Ordinal), "energies is no base64" },
        { Answer.Replace("\"qp\"", "\"bq\"", StringComparison.Ordinal), "format is not qp" },
        { "[]", "no object" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_that_is_none_is_refused_with_the_reason(string answer, string expected)
    {
        await using var server = Server(Status("COMPLETED", answer));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).DWave());

        Assert.Equal(RemoteFailure.BadAnswer, error.Failure);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_energy_that_is_told_wrong_or_as_nothing_is_computed_anew_and_told()
    {
        await using var server = Server(Status("COMPLETED", Answered([0b0100_0000, 0b1100_0000], [-77, double.NaN], [1, 1], [30, 31])));
        var result = await RemoteRun.SolveAsync(new RemoteRun(server).DWave());

        Assert.Equal(-3.5, result.Energy);
        Assert.Equal(2, result.Service!.WrongEnergies);
        Assert.Equal(double.PositiveInfinity, result.Service.LargestError);
    }

    [Fact]
    public async Task Two_answers_to_one_problem_are_refused()
    {
        await using var server = Server($"{Status("COMPLETED", Answer)},{Status("COMPLETED", Answer)}");
        var error = await RemoteRun.FailAsync(new RemoteRun(server).DWave());

        Assert.Equal(RemoteFailure.BadAnswer, error.Failure);
        Assert.Contains("one problem was sent", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "media type")]
    [InlineData("application/vnd.dwave.sapi.problems+json; version=4.0.0", "media type")]
    [InlineData("application/vnd.dwave.sapi.problems+json", "media type")]
    public async Task An_answer_of_another_type_or_version_is_refused(string type, string expected)
    {
        await using var server = new ContractServer(r => r.Line.StartsWith("GET", StringComparison.Ordinal) ? Defined(Definition) : new Reply(200, $"[{Status("COMPLETED", Answer)}]", type));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).DWave());

        Assert.Equal(RemoteFailure.BadAnswer, error.Failure);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"ONLINE\"", "\"OFFLINE\"", RemoteFailure.Failed, "OFFLINE")]
    [InlineData("\"Advantage_test1\"", "\"Advantage_test2\"", RemoteFailure.BadAnswer, "another solver")]
    [InlineData("\"qubits\"", "\"bits\"", RemoteFailure.BadAnswer, "lacks its qubits")]
    [InlineData("[1,3]", "[]", RemoteFailure.BadAnswer, "not two numbers")]
    [InlineData("[1,3]", "[1]", RemoteFailure.BadAnswer, "not two numbers")]
    [InlineData("[1,3]", "[3,1]", RemoteFailure.BadAnswer, "no range")]
    [InlineData("[1,3]", "[0,0]", RemoteFailure.BadAnswer, "no range")]
    [InlineData("[1,3]", "[1,99999999999]", RemoteFailure.BadAnswer, "lacks its qubits")]
    [InlineData("[[30,35],", "[[0],", RemoteFailure.BadAnswer, "not two numbers")]
    [InlineData("[[30,35],", "[[30,35,31],", RemoteFailure.BadAnswer, "not two numbers")]
    [InlineData("[[30,35],", "[[30,30],", RemoteFailure.BadAnswer, "between two of its qubits")]
    [InlineData("[[30,35],", "[[30,77],", RemoteFailure.BadAnswer, "between two of its qubits")]
    [InlineData("[[30,35],", "[[30,31],", RemoteFailure.BadAnswer, "a coupler twice")]
    [InlineData("[30,31,35]", "[30,30,31,35]", RemoteFailure.BadAnswer, "a qubit twice")]
    [InlineData("\"qubo\",", "", RemoteFailure.Unsuitable, "type qubo")]
    [InlineData("\"qubits\":[30,31,35],\"couplers\":[[30,35],[31,30],[31,35]]", "\"qubits\":[30],\"couplers\":[]", RemoteFailure.Unsuitable, "2 variables, and the solver 1 qubits")]
    public async Task A_solver_that_is_another_or_cannot_is_not_sent_to(string from, string to, RemoteFailure failure, string expected)
    {
        await using var server = Server(Status("COMPLETED", Answer), definition: Definition.Replace(from, to, StringComparison.Ordinal));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).DWave());

        Assert.Equal(failure, error.Failure);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Pauses_grow_as_those_of_dwave_cloud_client_do()
    {
        Assert.Equal(0.05, PollSchedule.Delay(0).TotalSeconds, 1e-9);
        Assert.Equal(0.05 * 1.3 * 1.3, PollSchedule.Delay(2).TotalSeconds, 1e-9);
        Assert.Equal(60, PollSchedule.Delay(1000).TotalSeconds, 1e-9);
    }

    private sealed class Broken : IProgress<SolverProgress>
    {
        public void Report(SolverProgress value) => throw new NotSupportedException("the window is closed");
    }

    private static ContractServer Server(string submitted, Func<Request, Reply>? later = null, string definition = Definition) => new(r =>
        r.Line.Contains("/solvers/", StringComparison.Ordinal) ? Defined(definition)
        : r.Line.StartsWith("POST", StringComparison.Ordinal) ? new Reply(200, $"[{submitted}]", "application/vnd.dwave.sapi.problems+json; version=3.0.0")
        : r.Line.StartsWith("DELETE", StringComparison.Ordinal) ? new Reply(200, "{}")
        : later is null ? throw new InvalidOperationException(r.Line)
        : later(r));

    private static Reply Defined(string definition) => new(200, definition, "application/vnd.dwave.sapi.solver-definition+json; version=3.0.0");

    private static Reply Problem(string status) => new(200, status, "application/vnd.dwave.sapi.problem+json; version=3.0.0");

    private static string Status(string status, string? answer = null, string? message = null, string type = "qubo")
    {
        var end = (answer is null ? "" : $",\"answer\":{answer}") + (message is null ? "" : $",\"error_message\":\"{message}\"");
        return $$"""{"id":"ab-12","type":"{{type}}","solver":{"name":"{{Solver}}"},"status":"{{status}}","submitted_on":null""" + end + "}";
    }

    private static string Answered(byte[] solutions, double[] energies, int[] occurrences, int[] active) =>
        $$$"""{"format":"qp","active_variables":"{{{Base64(active)}}}","energies":"{{{Base64(energies)}}}","solutions":"{{{Convert.ToBase64String(solutions)}}}","num_occurrences":"{{{Base64(occurrences)}}}","num_variables":40,"timing":{"qpu_access_time":12345,"qpu_sampling_time":1}}""";

    private static string Base64(params double[] values)
    {
        var bytes = new byte[values.Length * 8];
        // Python's NaN is positive, .NET's is not.
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), BitConverter.DoubleToInt64Bits(values[i]) & (double.IsNaN(values[i]) ? long.MaxValue : -1));
        return Convert.ToBase64String(bytes);
    }

    private static string Base64(params int[] values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), values[i]);
        return Convert.ToBase64String(bytes);
    }
}
