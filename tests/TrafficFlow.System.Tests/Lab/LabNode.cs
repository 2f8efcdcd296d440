using TrafficFlow.SystemTests.Processes;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>
/// A node through all its lives: `trafficflow run` with its settings, on its host and with its clock. It is kept up as a service manager
/// keeps it up (Restart=always): what ends by itself is started again. One log for all lives.
/// </summary>
/// <param name="host">Null runs it on this machine itself.</param>
/// <param name="clock">Null leaves it this machine's clock.</param>
internal sealed class LabNode(string name, string config, string log, TestHost? host = null, NodeClock? clock = null) : IAsyncDisposable
{
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private TrafficflowProcess? _life;
    private Task _supervision = Task.CompletedTask;
    private bool _wanted;
    private int _endedByItself;

    public string Name { get; } = name;

    public string Config { get; } = config;

    public string Folder { get; } = Path.GetDirectoryName(config)!;

    public string Log { get; } = log;

    public TestHost? Host { get; } = host;

    public NodeClock? Clock { get; } = clock;

    public bool IsRunning => _life is { IsRunning: true };

    /// <summary>How often it had to be started again although nobody had stopped it.</summary>
    public int EndedByItself => _endedByItself;

    /// <summary>The life that runs, or the last one.</summary>
    public TrafficflowProcess Life => _life ?? throw new InvalidOperationException($"{Name} was never started");

    public async Task StartAsync()
    {
        await TurnAsync(async () =>
        {
            _wanted = true;
            if (!IsRunning) await BeginLifeAsync();
        });
        if (_supervision.IsCompleted) _supervision = SuperviseAsync(_end.Token);
    }

    /// <summary>kill -9; nothing starts it again before <see cref="StartAsync"/>.</summary>
    public Task KillAsync() => TurnAsync(async () =>
    {
        _wanted = false;
        if (IsRunning) await Life.KillAsync();
    });

    /// <summary>As a service manager stops it: SIGTERM, and SIGKILL when that takes too long.</summary>
    /// <returns>Null when it had to be killed, or did not run.</returns>
    public async Task<Ended?> StopAsync(TimeSpan patience)
    {
        Ended? ended = null;
        await TurnAsync(async () =>
        {
            _wanted = false;
            if (!IsRunning) return;
            Life.Terminate();
            try
            {
                ended = await Life.WaitAsync(patience);
            }
            catch (TimeoutException)
            {
                await Life.KillAsync();
            }
        });
        return ended;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _supervision.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_life is not null) await _life.DisposeAsync();
        _end.Dispose();
        _turn.Dispose();
    }

    private async Task SuperviseAsync(CancellationToken end)
    {
        while (true)
        {
            await Task.Delay(RestartAfter, end);
            await TurnAsync(async () =>
            {
                if (!_wanted || IsRunning) return;
                _endedByItself++;
                await BeginLifeAsync();
            });
        }
    }

    private async Task BeginLifeAsync()
    {
        // Whoever looks meanwhile sees no life, not one that is over.
        if (Interlocked.Exchange(ref _life, null) is { } last) await last.DisposeAsync();
        await File.AppendAllTextAsync(Log, $"---- {Name} is started at {DateTimeOffset.UtcNow:HH:mm:ss.fff}\n");
        var command = TrafficflowProcess.Command("run", "--config", Config);
        Clock?.Equip(command);
        _life = TrafficflowProcess.Start(Host?.Inside(command) ?? command, Log);
    }

    private async Task TurnAsync(Func<Task> act)
    {
        await _turn.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            _turn.Release();
        }
    }
}
