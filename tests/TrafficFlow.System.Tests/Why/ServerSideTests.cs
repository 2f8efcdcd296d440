using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node.Why;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Routing;
using Xunit;

namespace TrafficFlow.SystemTests.Why;

public sealed class ServerSideTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_server_that_hangs_is_asked_everything_at_once_and_waited_for_once()
    {
        using var system = ActorSystem.Create("why", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        var asked = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        ActorRegistry.For(system).Register<ApproachRegion>(system.ActorOf(Props.Create(() => new Hung(asked))));
        var document = new EvidenceDocument
        {
            Id = "cam1/7/1",
            Site = "a",
            Counted = [new CountedPart("north", "entering", new DateTimeOffset(2026, 4, 1, 8, 0, 0, TimeSpan.Zero), "car", "small", null, 1)],
        };

        var rows = await ServerSide.AskAsync(system, null, document).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.True(asked.Task.IsCompleted, "it was asked one thing, and the next only after it had not answered");
        Assert.Contains(rows, r => r.Value.ToString()!.Contains("the server does not answer: whether it has taken this count is not known", StringComparison.Ordinal));
        Assert.Contains(rows, r => r.Value.ToString() == "the server does not answer: bin and revision are unknown; ask on the server");
    }

    /// <summary>Takes questions about an approach, its quarantine and its bins, and answers none.</summary>
    private sealed class Hung : ReceiveActor
    {
        public Hung(TaskCompletionSource<int> all)
        {
            var count = 0;
            ReceiveAny(m =>
            {
                if (m is GetApproachStatus or GetQuarantine or GetFlowBins && ++count == 2 + BinDuration.All.Count) all.TrySetResult(count);
            });
        }
    }
}
