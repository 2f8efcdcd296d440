using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.MoveDatabase;

/// <summary>A server that has counted and stopped, to be copied by the tests of a class.</summary>
public sealed class CountedServerFixture : IAsyncLifetime
{
    public const int Steps = 100;

    private readonly CountedServer _server = new();

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is null) await CountedServer.CountAsync(_server.Journal, 1, Steps);
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    internal CountedServer Copy() => _server.Copy();
}
