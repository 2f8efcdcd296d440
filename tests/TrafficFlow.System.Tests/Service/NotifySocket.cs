using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace TrafficFlow.SystemTests.Service;

/// <summary>What a service manager hears on NOTIFY_SOCKET.</summary>
internal sealed class NotifySocket : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;

    public NotifySocket()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"notify-{Guid.NewGuid():n}.sock");
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
        _listening = ListenAsync();
    }

    public string Path { get; }

    /// <summary>Lines in the order in which they came.</summary>
    public IReadOnlyList<string> Heard => [.. _heard];

    public int Feeds => _heard.Count(h => h == "WATCHDOG=1");

    /// <exception cref="TimeoutException">It did not come.</exception>
    public async Task UntilAsync(Func<bool> holds, TimeSpan patience, string what)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (!holds())
        {
            try
            {
                await _news.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"it was not heard that {what}: {string.Join(" | ", _heard)}");
            }
        }
    }

    /// <summary>As a service manager does: whether the next feed comes within the watchdog's period.</summary>
    public async Task<bool> IsFedAsync(TimeSpan period)
    {
        var before = Feeds;
        try
        {
            await UntilAsync(() => Feeds > before, period, "the watchdog is fed");
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer, _stop.Token);
                foreach (var line in Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries)) _heard.Enqueue(line);
                _news.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _socket.Dispose();
        File.Delete(Path);
    }
}
