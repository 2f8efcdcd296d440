using System.Diagnostics;
using System.Text;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Remote;
using Xunit;
using Reply = TrafficFlow.SystemTests.Analysis.ContractServer.Reply;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>The protocol for any solver behind HTTP, and what all clients share: time-outs, quotas, retries, redirects, answers of every bad kind.</summary>
public sealed class GenericSolverTests
{
    private const string Body =
        """{"format":"bqm-1","vartype":"BINARY","offset":0.5,"linear":[1,-4],"couplings":[[0,1,2.5]],"reads":5,"time_ms":1000}""";

    private const string Good = """{"samples":[[0,0],[0,1],[1,1]],"energies":[0.5,-3.5,0.0],"time_ms":12.5}""";

    [Fact]
    public async Task A_request_is_these_bytes_and_no_more()
    {
        await using var server = new ContractServer(_ => new Reply(200, Good));
        await RemoteRun.SolveAsync(new RemoteRun(server).Generic());

        var request = Assert.Single(server.Requests);
        Assert.Equal(
            $"POST /api/solve HTTP/1.1\r\nHost: {server.Host}\r\nAccept: application/json\r\nAuthorization: Bearer {RemoteRun.Token}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}",
            request.Head);
        Assert.Equal(Body, request.Text);
    }

    [Fact]
    public async Task A_trace_of_ours_and_what_it_carries_stay_here()
    {
        await using var server = new ContractServer(_ => new Reply(200, Good));
        using var activity = new Activity("analyse").AddBaggage("site", "kokandori").Start();
        await RemoteRun.SolveAsync(new RemoteRun(server).Generic());

        Assert.Equal(6, Assert.Single(server.Requests).Head.Split("\r\n").Length);
    }

    [Fact]
    public async Task The_best_sample_is_the_answer_with_what_the_service_told_of_the_run()
    {
        await using var server = new ContractServer(_ => new Reply(200, Good));
        var run = new RemoteRun(server);
        run = new RemoteRun(server) { Settings = run.Settings with { PricePerSecond = 2000 } };
        var result = await RemoteRun.SolveAsync(run.Generic());

        Assert.Equal(new sbyte[] { 0, 1 }, result.Sample);
        Assert.Equal((-3.5, true, StopReason.Completed), (result.Energy, result.IsFeasible, result.Stop));
        var service = result.Service!;
        Assert.Equal(new[] { -3.5, 0, 0.5 }, service.Energies);
        Assert.Equal((3, 1), (service.Reads!.Value, service.ReadsAtMost(-3.5)!.Value));
        Assert.Equal((0, 0.0, TimeSpan.FromMilliseconds(12.5), 25m), (service.WrongEnergies, service.LargestError, service.Charged!.Value, service.Cost!.Value));
    }

    [Fact]
    public async Task A_model_of_spins_is_asked_and_answered_in_spins()
    {
        await using var server = new ContractServer(_ => new Reply(200, """{"samples":[[-1,1]],"energies":[-3.5]}"""));
        var result = await RemoteRun.SolveAsync(new RemoteRun(server).Generic(), RemoteRun.Model.ChangeVartype(Vartype.Spin));

        Assert.StartsWith("{\"format\":\"bqm-1\",\"vartype\":\"SPIN\",", Assert.Single(server.Requests).Text, StringComparison.Ordinal);
        Assert.Equal(new sbyte[] { -1, 1 }, result.Sample);
        Assert.Equal(0, result.Service!.WrongEnergies);
    }

    [Fact]
    public async Task An_energy_that_is_told_wrong_is_computed_anew_and_told()
    {
        await using var server = new ContractServer(_ => new Reply(200, """{"samples":[[0,0],[0,1]],"energies":[-99,-3.5]}"""));
        var result = await RemoteRun.SolveAsync(new RemoteRun(server).Generic());

        Assert.Equal(-3.5, result.Energy);
        Assert.Equal((1, 99.5), (result.Service!.WrongEnergies, result.Service.LargestError));
    }

    [Fact]
    public async Task A_job_in_a_queue_tells_its_position_until_it_is_done()
    {
        var asked = 0;
        await using var server = new ContractServer(request => request.Line.StartsWith("POST", StringComparison.Ordinal)
            ? new Reply(202, """{"job":"j-1","queue_position":7}""")
            : ++asked switch
            {
                1 => new Reply(200, """{"job":"j-1","state":"queued","queue_position":2}"""),
                2 => new Reply(200, """{"job":"j-1","state":"running"}"""),
                _ => new Reply(200, """{"job":"j-1","state":"done",""" + Good[1..]),
            });
        var positions = new List<int?>();
        var result = await RemoteRun.SolveAsync(new RemoteRun(server).Generic(), progress: new Collector(positions));

        Assert.Equal("j-1", result.Service!.Job);
        Assert.Equal(new int?[] { 7, 2, null }, positions);
        Assert.All(server.Requests.Skip(1), r => Assert.True(r.Is("GET", "/api/jobs/j-1")));
    }

    [Theory]
    [InlineData("""{"samples":[],"energies":[]}""", "no sample")]
    [InlineData("""{"samples":[[0,1]],"energies":[]}""", null)]
    [InlineData("""{"samples":[[0,1]],"energies":[1,2]}""", "2 energies of 1 samples")]
    [InlineData("""{"samples":[[0,1,1]],"energies":[1]}""", "3 values, and the model 2 variables")]
    [InlineData("""{"samples":[[0,-1]],"energies":[1]}""", "the value -1")]
    [InlineData("""{"samples":[[0,2]],"energies":[1]}""", "no -1, 0 or 1")]
    [InlineData("""{"samples":[[0,0.5]],"energies":[1]}""", "no -1, 0 or 1")]
    [InlineData("""{"samples":[[0,"1"]],"energies":[1]}""", "no -1, 0 or 1")]
    [InlineData("""{"samples":["01"],"energies":[1]}""", "a sample is no list")]
    [InlineData("""{"samples":{},"energies":[1]}""", "no list samples")]
    [InlineData("""{"samples":[[0,1]],"energies":[null]}""", "an energy is no number")]
    [InlineData("""{"samples":[[0,1]]}""", "no list energies")]
    [InlineData("""{}""", "no list samples")]
    [InlineData("""[]""", "no object")]
    [InlineData("""null""", "no object")]
    [InlineData("", "no JSON")]
    [InlineData("<html>busy</html>", "no JSON")]
    [InlineData("""{"samples":[[0,1]],"energies":[1]""", "no JSON")]
    [InlineData("""{"samples":[[0,1]],"energies":[-3.5]}{"samples":[[1,1]],"energies":[0]}""", "no JSON")]
    [InlineData("""{"samples":[[0,1]],"samples":[[1,1]],"energies":[-3.5]}""", "no JSON")]
    public async Task An_answer_that_is_none_is_refused_with_the_reason(string body, string? expected)
    {
        await using var server = new ContractServer(_ => new Reply(200, body));
        if (expected is null)
        {
            // Energies are not needed.
            Assert.Equal(-3.5, (await RemoteRun.SolveAsync(new RemoteRun(server).Generic())).Energy);
            return;
        }

        var error = await RemoteRun.FailAsync(new RemoteRun(server).Generic());
        Assert.Equal(RemoteFailure.BadAnswer, error.Failure);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"job":"j-1","state":"failed","message":"out of memory"}""", RemoteFailure.Failed, "out of memory")]
    [InlineData("""{"job":"j-1","state":"cancelled"}""", RemoteFailure.Cancelled, "not by this program")]
    [InlineData("""{"job":"j-2","state":"done","samples":[[0,1]],"energies":[-3.5]}""", RemoteFailure.BadAnswer, "another job")]
    [InlineData("""{"job":"j-1","state":"happy"}""", RemoteFailure.BadAnswer, "does not have")]
    [InlineData("""{"job":"j-1","state":"done"}""", RemoteFailure.BadAnswer, "no list samples")]
    public async Task A_job_that_ends_otherwise_is_told_as_what_it_is(string body, RemoteFailure failure, string expected)
    {
        await using var server = new ContractServer(r => r.Line.StartsWith("POST", StringComparison.Ordinal) ? new Reply(202, """{"job":"j-1"}""") : new Reply(200, body));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).Generic());

        Assert.Equal(failure, error.Failure);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.True(server.Requests[^1].Is("DELETE", "/api/jobs/j-1"));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a?x=1")]
    public async Task A_job_whose_name_is_none_is_not_asked_for(string name)
    {
        await using var server = new ContractServer(_ => new Reply(202, $$"""{"job":"{{name}}"}"""));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).Generic());

        Assert.Equal(RemoteFailure.BadAnswer, error.Failure);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_job_that_takes_too_long_is_cancelled_and_its_answer_not_read()
    {
        await using var server = new ContractServer(r => r.Line.StartsWith("POST", StringComparison.Ordinal)
            ? new Reply(202, """{"job":"j-1"}""")
            : new Reply(200, """{"job":"j-1","state":"queued"}"""));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).Generic(), new SolverSettings { TimeLimit = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(RemoteFailure.Late, error.Failure);
        Assert.True(server.Requests[^1].Is("DELETE", "/api/jobs/j-1"));
    }

    [Fact]
    public async Task A_job_of_a_search_that_is_cancelled_is_cancelled_too()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = new ContractServer(r =>
        {
            if (r.Line.StartsWith("POST", StringComparison.Ordinal)) return new Reply(202, """{"job":"j-1"}""");
            cancellation.Cancel();
            return new Reply(200, """{"job":"j-1","state":"running"}""");
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new RemoteRun(server).Generic().SolveAsync(RemoteRun.Model, new SolverSettings(), null, cancellation.Token));

        Assert.True(server.Requests[^1].Is("DELETE", "/api/jobs/j-1"));
    }

    [Fact]
    public async Task A_service_that_never_answers_is_waited_for_no_longer_than_allowed()
    {
        await using var server = new ContractServer(_ => new Reply(200, "") { IsSilent = true });
        var run = new RemoteRun(server);
        run = new RemoteRun(server) { Settings = run.Settings with { RequestTimeout = TimeSpan.FromMilliseconds(100), SearchTime = TimeSpan.FromMilliseconds(100) } };
        var error = await RemoteRun.FailAsync(run.Generic());

        Assert.Equal(RemoteFailure.Late, error.Failure);
        // A model is sent once: whether the first was taken nobody knows.
        Assert.Single(server.Requests);
    }

    /// <summary>As a handler does whose own time is over: neither the caller's cancellation nor the time-out here.</summary>
    [Fact]
    public async Task A_time_out_of_the_connection_itself_is_told_as_one()
    {
        await using var server = new ContractServer(_ => new Reply(200, Good));
        var run = new RemoteRun(server);
        var error = await RemoteRun.FailAsync(RemoteSolver.GenericOver(new GivingUp(), run.Gate, run.Settings));

        Assert.Equal(RemoteFailure.Late, error.Failure);
        Assert.Contains("the connection's own time-out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_answer_is_told_and_the_model_not_sent_again()
    {
        await using var server = new ContractServer(_ => new Reply(200, Good) { IsCut = true });
        var error = await RemoteRun.FailAsync(new RemoteRun(server).Generic());

        Assert.Equal(RemoteFailure.Unreachable, error.Failure);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_told()
    {
        var server = new ContractServer(_ => new Reply(200, Good));
        var run = new RemoteRun(server);
        await server.DisposeAsync();
        var error = await RemoteRun.FailAsync(run.Generic());

        Assert.Equal(RemoteFailure.Unreachable, error.Failure);
        Assert.Contains("look at its address", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, RemoteFailure.Unauthorized, "token")]
    [InlineData(403, RemoteFailure.Unauthorized, "token")]
    [InlineData(402, RemoteFailure.Quota, "quota is used up")]
    [InlineData(404, RemoteFailure.Failed, "404")]
    [InlineData(400, RemoteFailure.Failed, "400")]
    [InlineData(500, RemoteFailure.Failed, "Ask later")]
    public async Task A_refusal_is_told_as_what_it_is_without_the_token(int status, RemoteFailure failure, string expected)
    {
        await using var server = new ContractServer(_ => new Reply(status, $"bad token {RemoteRun.Token}\nsecond line"));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).Generic());

        Assert.Equal(failure, error.Failure);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("(secret)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task A_service_that_wants_to_be_asked_later_is_asked_later()
    {
        var asked = 0;
        await using var server = new ContractServer(_ => ++asked == 1 ? new Reply(429, "{}", Headers: "Retry-After: 0\r\n") : new Reply(200, Good));

        Assert.Equal(-3.5, (await RemoteRun.SolveAsync(new RemoteRun(server).Generic())).Energy);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Each_try_is_in_the_audit_before_it_leaves()
    {
        var run = default(RemoteRun);
        var audited = new List<int>();
        await using var server = new ContractServer(_ =>
        {
            audited.Add(run!.Departures.Count);
            return audited.Count < 3 ? new Reply(429, "{}", Headers: "Retry-After: 0\r\n") : new Reply(200, Good);
        });
        run = new RemoteRun(server);
        await RemoteRun.SolveAsync(run.Generic());

        Assert.Equal([1, 2, 3], audited);
        Assert.Equal(3, run.Departures.Count);
        Assert.Single(run.Departures.Select(d => d.Sha256).Distinct());
    }

    /// <summary>A 503 may come from something before the service that has already passed the model on.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_model_that_may_have_been_taken_is_not_sent_again(int status)
    {
        await using var server = new ContractServer(_ => new Reply(status, "{}", Headers: "Retry-After: 0\r\n"));
        var run = new RemoteRun(server);
        await RemoteRun.FailAsync(run.Generic());

        Assert.Single(server.Requests);
        Assert.Single(run.Departures);
    }

    [Theory]
    [InlineData("out of memory {0}")]
    [InlineData("{1}")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{0}")]
    public async Task A_token_that_the_service_sends_back_in_a_text_is_not_told(string text)
    {
        var escaped = string.Concat(RemoteRun.Token.Select(c => $"\\u{(int)c:x4}"));
        var told = text.Replace("{0}", RemoteRun.Token, StringComparison.Ordinal).Replace("{1}", escaped, StringComparison.Ordinal);
        foreach (var body in (string[])[$$"""{"job":"j-1","state":"failed","message":"{{told}}"}""", $$"""{"job":"j-1","state":"{{told}}"}""", $$"""{"job":"{{told}}"}"""])
        {
            await using var server = new ContractServer(r => r.Line.StartsWith("POST", StringComparison.Ordinal) ? new Reply(202, """{"job":"j-1"}""") : new Reply(200, body));
            await RemoteRun.FailAsync(new RemoteRun(server).Generic());
        }

        foreach (var reply in (Reply[])[
            new(500, $"{{\"a\":\"{told}\"}}"), new(400, told), new(200, told), new(200, $$"""{"{{told}}":1,"{{told}}":2}"""), new(202, $$"""{"job":"{{told}}"}"""),
            new(200, "{}", told), new(200, "{}", Headers: $"no header {told}\r\n")])
        {
            await using var server = new ContractServer(_ => reply);
            await RemoteRun.FailAsync(new RemoteRun(server).Generic());
            Assert.DoesNotContain(server.Requests, r => r.Line.Contains(RemoteRun.Token, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_service_that_wants_to_be_asked_tomorrow_is_a_used_up_quota()
    {
        await using var server = new ContractServer(_ => new Reply(429, "{}", Headers: "Retry-After: 86400\r\n"));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).Generic());

        Assert.Equal(RemoteFailure.Quota, error.Failure);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("dwave")]
    [InlineData("amplify")]
    [InlineData("generic")]
    public async Task A_token_does_not_follow_a_redirect(string service)
    {
        await using var elsewhere = new ContractServer(_ => new Reply(200, Good));
        await using var server = new ContractServer(_ => new Reply(307, "", Headers: $"Location: {elsewhere.Address}solve\r\n"));
        var run = new RemoteRun(server);
        var error = await RemoteRun.FailAsync(service switch { "dwave" => run.DWave(), "amplify" => run.Amplify(), _ => run.Generic() });

        Assert.Equal(RemoteFailure.BadAnswer, error.Failure);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        await using var server = new ContractServer(_ => new Reply(200, new string(' ', 3_000_000)));
        var run = new RemoteRun(server);
        run = new RemoteRun(server) { Settings = run.Settings with { AnswerBytes = 1_000_000 } };
        var error = await RemoteRun.FailAsync(run.Generic());

        Assert.Equal(RemoteFailure.BadAnswer, error.Failure);
        Assert.Contains("more than 1000000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_audit_does_not_take_does_not_leave()
    {
        await using var server = new ContractServer(_ => new Reply(200, Good));
        var run = new RemoteRun(server) { AuditFailure = new IOException("disk full") };
        await Assert.ThrowsAsync<IOException>(() => RemoteRun.SolveAsync(run.Generic()));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_audit_tells_who_when_where_to_what_and_its_hash()
    {
        await using var server = new ContractServer(_ => new Reply(200, Good));
        var run = new RemoteRun(server);
        await RemoteRun.SolveAsync(run.Generic());

        var record = Assert.Single(run.Departures);
        Assert.Equal(("planner@city", $"http://{server.Host}", "bqm-1", 2, 1, Body.Length), (record.Principal, record.Destination, record.Kind, record.Variables, record.Couplings, record.Bytes));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Body))), record.Sha256);
        Assert.InRange(record.At, TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(5), TimeProvider.System.GetUtcNow());
    }

    private sealed class GivingUp : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new TaskCanceledException("the connection timed out", new TimeoutException()));
    }

    private sealed class Collector(List<int?> positions) : IProgress<SolverProgress>
    {
        public void Report(SolverProgress value) => positions.Add(value.QueuePosition);
    }
}
