using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Actors.Tests.Operations;

/// <summary>Actors that cannot answer, or answer nonsense, while they are asked for their state.</summary>
public sealed class StuckActorTests() : TestKit(TestConfig.InMemory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly OperatorTimeouts Soon = new() { Local = TimeSpan.FromMilliseconds(300) };

    private sealed record Work(Task Until);

    private sealed class Worker : InspectedActor
    {
        public Worker()
        {
            Receive<Work>(w => w.Until.Wait(Patience));
            Receive<Exception>(e => throw e);
            Receive<string>(s => Sender.Tell(s));
        }

        protected override ActorState Describe() => new("working") { { "address", "https://u:p4ss@h/x" }, { "for", TimeSpan.FromSeconds(1.5) }, { "line", "a\u001b[2Jb" } };
    }

    private sealed class Liar : InspectedActor
    {
        public Liar() => Receive<string>(s => Sender.Tell(s));

        protected override ActorState Describe() => throw new InvalidOperationException("no state today");
    }

    [Fact]
    public async Task An_actor_that_hangs_is_told_with_what_it_does_and_what_waits_behind_it()
    {
        var worker = Sys.ActorOf(Akka.Actor.Props.Create(() => new Worker()), "worker");
        var end = new TaskCompletionSource();
        for (var i = 0; i < 3; i++) worker.Tell(new Work(end.Task));
        await AwaitConditionAsync(() => Task.FromResult(((ActorRefWithCell)worker).Underlying.NumberOfMessages == 2), Patience);

        var failed = Assert.IsType<CommandFailed>(await AskAsync(new ShowActor("/user/worker")));

        // The question waits too.
        Assert.Matches(@"^/user/worker does not answer within 0\.3 s: 3 messages wait, and it handles Work since \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ \(\d+\.\d s\)$", failed.Reason);
        Assert.False(failed.IsElsewhere);
        end.SetResult();
        Assert.Equal("working", Assert.IsType<InspectionTables>(await AskPatientlyAsync(new ShowActor("/user/worker"))).Tables[0].Rows.Single(r => (string?)r[0] == "state")[1]);
    }

    [Fact]
    public async Task Restarts_are_counted_with_their_cause_and_values_are_plain_and_without_secrets()
    {
        var worker = Sys.ActorOf(Akka.Actor.Props.Create(() => new Worker()), "worker");
        worker.Tell(new InvalidOperationException("the disk of https://u:p4ss@h is full"));
        worker.Tell(new InvalidOperationException("the disk is full again"));
        await worker.Ask<string>("there?", Patience);

        var tables = Assert.IsType<InspectionTables>(await AskPatientlyAsync(new ShowActor("/user/worker"))).Tables;

        Assert.Equal(2L, Value(tables[0], "restarts"));
        Assert.Equal("the disk is full again", Value(tables[0], "restarted for"));
        Assert.Equal("https://***@h/x", Value(tables[1], "address"));
        Assert.Equal(1.5, Value(tables[1], "for"));
        Assert.Equal("a\\u001b[2Jb", Value(tables[1], "line"));
    }

    [Fact]
    public async Task A_fault_in_telling_does_not_restart_who_tells()
    {
        var liar = Sys.ActorOf(Akka.Actor.Props.Create(() => new Liar()), "liar");
        await liar.Ask<string>("there?", Patience);

        var tables = Assert.IsType<InspectionTables>(await AskPatientlyAsync(new ShowActor("/user/liar"))).Tables;

        Assert.Equal("no state today", Value(tables[1], "could not be told"));
        Assert.Equal("there?", await liar.Ask<string>("there?", Patience));
        Assert.Equal(0L, Value(Assert.IsType<InspectionTables>(await AskPatientlyAsync(new ShowActor("/user/liar"))).Tables[0], "restarts"));
    }

    [Fact]
    public async Task An_actor_that_ends_while_it_is_asked_is_told_as_that()
    {
        var worker = Sys.ActorOf(Akka.Actor.Props.Create(() => new Worker()), "worker");
        var end = new TaskCompletionSource();
        await worker.Ask<string>("there?", Patience);
        worker.Tell(new Work(end.Task));
        var asked = AskAsync(new ShowActor("/user/worker"));
        worker.Tell(PoisonPill.Instance);
        Sys.Stop(worker);
        end.SetResult();

        Assert.Contains("has ended while it was asked", Assert.IsType<CommandFailed>(await asked).Reason, StringComparison.Ordinal);
    }

    private Task<OperatorReply> AskPatientlyAsync(OperatorCommand command) => new ActorOperations(Sys).Answer(command)!;

    private Task<OperatorReply> AskAsync(OperatorCommand command) => new ActorOperations(Sys, Soon).Answer(command)!;

    private static object? Value(InspectionTable table, string name) => table.Rows.Single(r => (string?)r[0] == name)[1];
}
