using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.Postgres;

/// <summary>One PostgreSQL server for all tests of a class; skips them where none is installed.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    public PostgresServer Server
    {
        get
        {
            Assert.SkipWhen(_server is null, PostgresServer.Missing ?? "");
            return _server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is null) _server = await PostgresServer.CreateAsync();
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
