using System.Globalization;
using Akka.Actor;
using Microsoft.Data.Sqlite;
using TrafficFlow.Node;
using TrafficFlow.Node.Service;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using Xunit;

namespace TrafficFlow.SystemTests.Service;

/// <summary>The node as a service manager sees it; the test is that manager.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class ServiceWatchdogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Short for the test; the shipped units have minutes.
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task It_says_that_it_is_up_feeds_the_watchdog_while_its_databases_are_away_and_says_that_it_ends()
    {
        using var folder = new NodeFolder(NodeFolder.Live);
        await using var manager = new NotifySocket();
        await using var node = Start(folder, manager);
        await manager.UntilAsync(() => manager.Feeds > 0, Patience, "the watchdog is fed");
        Assert.Equal("READY=1", manager.Heard[0]);
        await manager.UntilAsync(() => manager.Heard.Any(h => h.StartsWith("STATUS=", StringComparison.Ordinal)), Patience, "it says how it is");
        await node.UntilAsync(() => folder.Events("batch-counted") > 0, Patience, "something was counted");

        using (var journal = Lock(folder.Journal))
        using (var outbox = Lock(folder.Outbox))
        {
            // Twice the period of the watchdog: a node that waited with its database would be restarted in a loop.
            var before = manager.Feeds;
            await manager.UntilAsync(() => manager.Feeds >= before + 8, Patience, "the watchdog is fed while no database can be written");
        }

        node.Terminate();
        Assert.Equal(ExitCodes.Done, (await node.WaitAsync(Patience)).Code);
        await manager.UntilAsync(() => manager.Heard.Contains("STOPPING=1"), Patience, "it ends");
    }

    [Fact]
    public async Task A_node_that_hangs_feeds_no_more_is_killed_and_starts_anew()
    {
        using var folder = new NodeFolder(NodeFolder.Live);
        await using var manager = new NotifySocket();
        await using (var node = Start(folder, manager))
        {
            await manager.UntilAsync(() => manager.Feeds > 1, Patience, "the watchdog is fed");
            await Tools.RunAsync("kill", "-STOP", $"{node.Id}");
            while (await manager.IsFedAsync(Watchdog))
            {
                // What was on its way.
            }

            await Tools.RunAsync("kill", "-CONT", $"{node.Id}");
            await manager.UntilAsync(() => manager.Heard.Count > 0 && manager.Feeds > 2, Patience, "it goes on when it is let");
            await Tools.RunAsync("kill", "-STOP", $"{node.Id}");
            await node.KillAsync();
        }

        var heard = manager.Heard.Count;
        await using var next = Start(folder, manager);
        await manager.UntilAsync(() => manager.Heard.Skip(heard).Contains("READY=1") && manager.Heard.Skip(heard).Contains("WATCHDOG=1"), Patience, "the next one is up");
    }

    [Fact]
    public async Task An_actor_that_hangs_is_named_and_one_that_waits_for_its_journal_is_none()
    {
        using var system = ActorSystem.Create("pulse", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        using var release = new ManualResetEventSlim();
        var busy = system.ActorOf(Props.Create(() => new Busy(release)), "cameras");
        system.ActorOf(Props.Create(() => new Waiting()), "uplink");

        Assert.Empty(await ActorPulse.SilentAsync([system, null], Patience, TestContext.Current.CancellationToken));
        busy.Tell("hang");
        Assert.Equal(["pulse/user/cameras"], await ActorPulse.SilentAsync([system], TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken));
        release.Set();
        Assert.Empty(await ActorPulse.SilentAsync([system], Patience, TestContext.Current.CancellationToken));

        await system.Terminate();
        Assert.Empty(await ActorPulse.SilentAsync([system], TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_worker_of_a_camera_that_hangs_is_named_though_its_camera_answers()
    {
        using var system = ActorSystem.Create("pulse", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        using var release = new ManualResetEventSlim();
        var worker = Props.Create(() => new Busy(release));
        var camera = Props.Create(() => new Parent("detector", worker));
        system.ActorOf(Props.Create(() => new Parent("cam1", camera)), "cameras");
        var detector = await MadeAsync(system, "/user/cameras/cam1/detector");

        Assert.Empty(await ActorPulse.SilentWorkersAsync([system], Patience, TestContext.Current.CancellationToken));
        detector.Tell("hang");
        Assert.Equal(["pulse/user/cameras/cam1/detector"], await ActorPulse.SilentWorkersAsync([system], TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken));
        // It costs its camera, and no restart of all.
        Assert.Empty(await ActorPulse.SilentAsync([system], Patience, TestContext.Current.CancellationToken));
        release.Set();
        Assert.Empty(await ActorPulse.SilentWorkersAsync([system], Patience, TestContext.Current.CancellationToken));
        await system.Terminate();
    }

    /// <summary>Parents make their children when they begin, which nobody waits for.</summary>
    private static async Task<IActorRef> MadeAsync(ActorSystem system, string path)
    {
        while (true)
        {
            try
            {
                return await system.ActorSelection(path).ResolveOne(Patience, TestContext.Current.CancellationToken);
            }
            catch (ActorNotFoundException)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    [Theory]
    [InlineData("20000000", "17", 20.0)]
    [InlineData("20000000", null, 20.0)]
    [InlineData("20000000", "18", null)]
    [InlineData("0", "17", null)]
    [InlineData("-5", "17", null)]
    [InlineData("soon", "17", null)]
    [InlineData("99999999999999999999", "17", null)]
    [InlineData(null, null, null)]
    public void The_watchdogs_period_is_that_of_this_process_or_none(string? microseconds, string? process, double? seconds) =>
        Assert.Equal(seconds, ServiceManager.WatchdogOf(microseconds, process, 17)?.TotalSeconds);

    private static TrafficflowProcess Start(NodeFolder folder, NotifySocket manager)
    {
        var command = TrafficflowProcess.Command("run", "--config", folder.Config);
        command.Environment["NOTIFY_SOCKET"] = manager.Path;
        command.Environment["WATCHDOG_USEC"] = ((long)Watchdog.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
        return TrafficflowProcess.Start(command);
    }

    private static SqliteConnection Lock(string file)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 60 }.ToString());
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        return database;
    }

    private sealed class Busy : ReceiveActor
    {
        public Busy(ManualResetEventSlim release) => Receive<string>(_ => release.Wait());
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent(string child, Props props)
        {
            Context.ActorOf(props, child);
            ReceiveAny(_ => { });
        }
    }

    /// <summary>Takes no message until somebody answers it, as an actor in recovery.</summary>
    private sealed class Waiting : ReceiveActor, IWithStash
    {
        public Waiting() => ReceiveAny(_ => Stash.Stash());

        public IStash Stash { get; set; } = null!;
    }
}
