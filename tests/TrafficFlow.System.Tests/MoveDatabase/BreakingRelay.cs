using System.Net;
using System.Net.Sockets;

namespace TrafficFlow.SystemTests.MoveDatabase;

/// <summary>Where a <see cref="BreakingRelay"/> breaks.</summary>
internal enum Break
{
    Nowhere,

    /// <summary>While the journal is being copied the way is blocked; the connection stays open.</summary>
    StallInCopy,

    /// <summary>While the journal is being copied the connection is cut.</summary>
    CutInCopy,

    /// <summary>The database has committed all of it, and the connection is cut before it can say so.</summary>
    CutBehindCommit,
}

/// <summary>A relay in front of a database that breaks in the middle of a move.</summary>
internal sealed class BreakingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _database;
    private readonly Task _accepting;
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BreakingRelay(int database)
    {
        _database = database;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Break At { get; set; }

    /// <summary>Done when it has broken.</summary>
    public Task Broken => _broken.Task;

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = RelayAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _database, _end.Token);
            var isLast = new[] { false };
            await Task.WhenAny(UpAsync(client.GetStream(), server.GetStream(), isLast), DownAsync(server.GetStream(), client.GetStream(), isLast));
        }
    }

    private async Task UpAsync(NetworkStream client, NetworkStream server, bool[] isLast)
    {
        var buffer = new byte[65536];
        var isInCopy = false;
        for (int read; (read = await client.ReadAsync(buffer, _end.Token)) > 0;)
        {
            if (isInCopy && (At is Break.StallInCopy or Break.CutInCopy))
            {
                var stalls = At == Break.StallInCopy;
                _broken.TrySetResult();
                // What is swallowed looks like a way that is blocked, until the client gives up.
                while (stalls && await client.ReadAsync(buffer, _end.Token) > 0)
                {
                }

                return;
            }

            isInCopy = buffer.AsSpan(0, read).IndexOf("COPY journal "u8) >= 0;
            isLast[0] |= buffer.AsSpan(0, read).IndexOf("INSERT INTO trafficflow_moves"u8) >= 0;
            await server.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }

    private async Task DownAsync(NetworkStream server, NetworkStream client, bool[] isLast)
    {
        var buffer = new byte[65536];
        for (int read; (read = await server.ReadAsync(buffer, _end.Token)) > 0;)
        {
            if (At == Break.CutBehindCommit && isLast[0] && buffer.AsSpan(0, read).IndexOf("COMMIT\0"u8) >= 0)
            {
                _broken.TrySetResult();
                return;
            }

            await client.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }
}
