using TrafficFlow.SystemTests.Processes;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>A node through all its lives: `trafficflow run` with its settings, on its host and with its clock. One log for all of them.</summary>
/// <param name="host">Null runs it on this machine itself.</param>
/// <param name="clock">Null leaves it this machine's clock.</param>
internal sealed class LabNode(string name, string config, string log, TestHost? host = null, NodeClock? clock = null) : IAsyncDisposable
{
    private TrafficflowProcess? _life;

    public string Name { get; } = name;

    public string Config { get; } = config;

    public string Log { get; } = log;

    public TestHost? Host { get; } = host;

    public NodeClock? Clock { get; } = clock;

    public bool IsRunning => _life is { IsRunning: true };

    /// <summary>The life that runs, or the last one.</summary>
    public TrafficflowProcess Life => _life ?? throw new InvalidOperationException($"{Name} was never started");

    public async Task StartAsync()
    {
        if (IsRunning) throw new InvalidOperationException($"{Name} runs already");
        if (_life is not null) await _life.DisposeAsync();
        var command = TrafficflowProcess.Command("run", "--config", Config);
        Clock?.Equip(command);
        _life = TrafficflowProcess.Start(Host?.Inside(command) ?? command, Log);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => Life.KillAsync();

    /// <summary>As a service manager stops it.</summary>
    /// <exception cref="TimeoutException">It has not ended by then.</exception>
    public async Task<Ended> StopAsync(TimeSpan patience)
    {
        Life.Terminate();
        return await Life.WaitAsync(patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (_life is not null) await _life.DisposeAsync();
    }
}
