using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Remote;
using Xunit;
using Reply = TrafficFlow.SystemTests.Analysis.ContractServer.Reply;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>The interface of Fixstars Amplify, byte by byte.</summary>
public sealed class AmplifySolverTests
{
    private const string Body =
        """{"polynomial":[[0,0,1],[1,1,-4],[0,1,2.5]],"constant":0.5,"timeout":1000,"outputs":{"spins":true,"energies":true,"sort":true,"duplicate":false,"num_outputs":5}}""";

    private const string Good =
        """{"execution_time":{"annealing":812.5,"queueing":3.1,"cpu":20.0,"time_stamps":[1.0]},"energies":[-3.5],"spins":[[0,1]],"feasibilities":[true],"message":""}""";

    [Fact]
    public async Task A_request_is_these_bytes_and_no_more()
    {
        await using var server = new ContractServer(_ => new Reply(200, Good));
        var run = new RemoteRun(server);
        var result = await RemoteRun.SolveAsync(run.Amplify());

        var request = Assert.Single(server.Requests);
        Assert.Equal(
            $"POST /api/solve HTTP/1.1\r\nHost: {server.Host}\r\nAccept: application/json\r\nAuthorization: Bearer {RemoteRun.Token}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}",
            request.Head);
        Assert.Equal(Body, request.Text);
        Assert.Equal((-3.5, 0, TimeSpan.FromMilliseconds(812.5)), (result.Energy, result.Service!.WrongEnergies, result.Service.Charged!.Value));
        Assert.Equal("amplify-polynomial", Assert.Single(run.Departures).Kind);
        // Duplicates are left out: how often a read succeeded is not known.
        Assert.Null(result.Service.Reads);
        Assert.Null(result.Service.ReadsAtMost(-3.5));
    }

    [Fact]
    public async Task A_model_of_spins_is_asked_in_0_and_1_and_told_in_spins()
    {
        await using var server = new ContractServer(_ => new Reply(200, Good));
        var result = await RemoteRun.SolveAsync(new RemoteRun(server).Amplify(), RemoteRun.Model.ChangeVartype(Vartype.Spin));

        Assert.Equal(Body, Assert.Single(server.Requests).Text);
        Assert.Equal(new sbyte[] { -1, 1 }, result.Sample);
    }

    [Theory]
    [InlineData("""{"energies":[-3.5]}""", "no list spins")]
    [InlineData("""{"energies":[-3.5],"spins":[[-1,1]]}""", "the value -1")]
    [InlineData("""{"energies":[],"spins":[]}""", "no sample")]
    public async Task An_answer_that_is_none_is_refused_with_the_reason(string body, string expected)
    {
        await using var server = new ContractServer(_ => new Reply(200, body));
        var error = await RemoteRun.FailAsync(new RemoteRun(server).Amplify());

        Assert.Equal(RemoteFailure.BadAnswer, error.Failure);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
