using Microsoft.Extensions.Logging;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Postgres;

/// <summary>What is found wrong with a real PostgreSQL server before a node starts on it.</summary>
public sealed class PostgresCheckTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private PostgresServer Server => fixture.Server;

    [Fact]
    public async Task A_good_database_is_used_and_nothing_is_left_in_it()
    {
        await PostgresCheck.LookAsync(Journal(), CancellationToken.None);

        Assert.Equal("0", await Server.SqlAsync("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'trafficflow%'", PostgresServer.Database));
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_telling_it()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.password");
        await File.WriteAllTextAsync(file, "battery staple");

        var e = await Refused(new PostgresJournal(Server.Connection(), file));
        File.Delete(file);

        Assert.Equal(JournalFailure.AccessDenied, e.Failure);
        Assert.Contains($"correct the password in {file}", e.Message);
        Assert.DoesNotContain("battery", e.ToString());
    }

    [Fact]
    public async Task A_password_that_is_asked_for_and_not_set_is_told() =>
        Assert.Contains("name that in journal.password-file", (await Refused(new PostgresJournal(Server.Connection()))).Message);

    [Fact]
    public async Task A_password_file_that_is_gone_is_told() =>
        Assert.Contains("/nowhere cannot be read", (await Refused(new PostgresJournal(Server.Connection(), "/nowhere"))).Message);

    [Fact]
    public async Task A_missing_database_is_told_with_the_command_that_makes_it()
    {
        var e = await Refused(Journal("nothing"));

        Assert.Equal(JournalFailure.DatabaseMissing, e.Failure);
        Assert.Contains("createdb --encoding=UTF8 --template=template0 --owner=trafficflow nothing", e.Message);
    }

    [Fact]
    public async Task A_database_in_another_encoding_is_refused()
    {
        await Server.SqlAsync("CREATE DATABASE latin OWNER trafficflow ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'");

        Assert.Equal(JournalFailure.WrongEncoding, (await Refused(Journal("latin"))).Failure);
    }

    [Fact]
    public async Task A_database_in_which_no_tables_may_be_made_is_refused()
    {
        await Server.SqlAsync("CREATE DATABASE foreign_owner");

        var e = await Refused(Journal("foreign_owner"));

        Assert.Equal(JournalFailure.NotWritable, e.Failure);
        Assert.Contains("ALTER DATABASE foreign_owner OWNER TO trafficflow", e.Message);
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_is_refused()
    {
        await Server.SqlAsync("CREATE DATABASE standby OWNER trafficflow");
        await Server.SqlAsync("ALTER DATABASE standby SET default_transaction_read_only = on");

        var e = await Refused(Journal("standby"));

        Assert.Equal(JournalFailure.NotWritable, e.Failure);
        Assert.Contains("standby", e.Message);
    }

    [Fact]
    public async Task Commits_that_do_not_wait_for_the_disk_are_refused()
    {
        await Server.SqlAsync("CREATE DATABASE hasty OWNER trafficflow");
        await Server.SqlAsync("ALTER DATABASE hasty SET synchronous_commit = off");

        var e = await Refused(Journal("hasty"));

        Assert.Equal(JournalFailure.NotDurable, e.Failure);
        Assert.Contains("synchronous_commit = off", e.Message);
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for()
    {
        await using var own = await PostgresServer.CreateAsync();
        await own.StopAsync();
        var log = new Lines();
        var waiting = PostgresCheck.WaitAsync(new PostgresJournal(own.Connection(), own.PasswordFile), log, TimeProvider.System, CancellationToken.None);
        await log.Said.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(waiting.IsCompleted);

        await own.StartAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Collection(log.All, l => Assert.Contains("does not answer", l), l => Assert.Contains("is reached", l));
    }

    private PostgresJournal Journal(string database = PostgresServer.Database) => new(Server.Connection(database), Server.PasswordFile);

    private static Task<JournalException> Refused(PostgresJournal journal) =>
        Assert.ThrowsAsync<JournalException>(() => PostgresCheck.LookAsync(journal, CancellationToken.None));

    private sealed class Lines : ILogger
    {
        public List<string> All { get; } = [];

        public TaskCompletionSource Said { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            All.Add(formatter(state, exception));
            Said.TrySetResult();
        }
    }
}
