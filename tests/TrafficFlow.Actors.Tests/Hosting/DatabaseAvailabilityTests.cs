using Akka.Event;
using Akka.TestKit.Xunit;
using Npgsql;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Actors.Tests.Hosting;

/// <summary>What is asked of a database while it is away.</summary>
public sealed class DatabaseAvailabilityTests : TestKit
{
    private readonly DatabaseAvailability _database;
    private int _dropped;

    public DatabaseAvailabilityTests() : base(TestConfig.InMemory)
    {
        _database = new DatabaseAvailability("db:5432/flows", Logging.GetLogger(Sys, "database"), TimeProvider.System, () => Interlocked.Increment(ref _dropped));
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
    }

    [Fact]
    public async Task An_outage_is_logged_once_when_it_begins_and_once_when_it_is_over_whatever_waits()
    {
        var isAway = true;
        var others = 0;
        var probe = _database.RunAsync(failures => isAway ? throw Refused() : Task.FromResult(failures));
        await AwaitConditionAsync(() => Task.FromResult(_database.Current is not null), TimeSpan.FromSeconds(5));
        var waiting = Enumerable.Range(0, 20).Select(_ => _database.RunAsync(failures =>
        {
            Interlocked.Increment(ref others);
            return Task.FromResult(failures);
        })).ToList();
        var away = await ExpectMsgAsync<Warning>(TimeSpan.FromSeconds(5));

        Assert.Equal(0, others);
        Assert.Contains("connection refused", _database.Current!.Reason, StringComparison.OrdinalIgnoreCase);
        isAway = false;

        Assert.True(await probe > 1);
        Assert.All(await Task.WhenAll(waiting), failures => Assert.Equal(0, failures));
        var back = await ExpectMsgAsync<Warning>(TimeSpan.FromSeconds(5));
        Assert.Contains("is PostgreSQL running", away.Message.ToString());
        Assert.Contains("is back after", back.Message.ToString());
        Assert.Null(away.Cause ?? back.Cause);
        Assert.Equal((null, 1), (_database.Current, _dropped));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_connection_that_broke_once_is_not_worth_a_line()
    {
        Assert.Equal(1, await _database.RunAsync(failures => failures == 0 ? throw new NpgsqlException("broken", new IOException("reset")) : Task.FromResult(failures)));

        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task What_waiting_cannot_help_fails_at_once_and_ends_the_outage()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _database.RunAsync<int>(_ => throw new ArgumentException("no")));

        await Assert.ThrowsAsync<ArgumentException>(() => _database.RunAsync<int>(failures => failures < 3 ? throw Refused() : throw new ArgumentException("no")));

        Assert.Null(_database.Current);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_trying_to_the_next()
    {
        using var stopped = new CancellationTokenSource();
        var first = _database.RunAsync<int>(_ => throw Refused(), stopped.Token);
        var second = _database.RunAsync(failures => failures == 0 ? throw Refused() : Task.FromResult(failures));

        await stopped.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(1, await second);
    }

    [Theory]
    [InlineData("57P03", "the database system is starting up", "not ready yet")]
    [InlineData("57P01", "terminating connection due to administrator command", "ended the connection")]
    [InlineData("53100", "could not extend file", "disk is full")]
    [InlineData("53300", "sorry, too many clients already", "max_connections")]
    [InlineData("23505", "duplicate key", null)]
    [InlineData("42P01", "relation does not exist", null)]
    public void A_fault_that_passes_is_told_from_a_mistake(string state, string said, string? reason)
    {
        var found = DatabaseFault.Of(new AggregateException(new InvalidOperationException("outer", new PostgresException(said, "FATAL", "FATAL", state))));

        if (reason is null) Assert.Null(found);
        else Assert.Contains(reason, found);
    }

    private static NpgsqlException Refused() => new("Failed to connect", new System.Net.Sockets.SocketException(111));
}
