using System.Net;
using System.Net.Sockets;

namespace TrafficFlow.SystemTests.Postgres;

/// <summary>
/// A relay in front of a database that breaks a connection just when the database has committed and before the client is told: the client
/// cannot know whether its rows are there.
/// </summary>
internal sealed class CommitCutter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _database;
    private readonly Task _accepting;
    private int _cutsLeft;
    private int _cuts;

    public CommitCutter(int database)
    {
        _database = database;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts => _cuts;

    public void CutNext(int commits) => Interlocked.Exchange(ref _cutsLeft, commits);

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
            var isCommit = new[] { false };
            await Task.WhenAny(UpAsync(client.GetStream(), server.GetStream(), isCommit), DownAsync(server.GetStream(), client.GetStream(), isCommit));
        }
    }

    private async Task UpAsync(NetworkStream client, NetworkStream server, bool[] isCommit)
    {
        var buffer = new byte[65536];
        for (int read; (read = await client.ReadAsync(buffer, _end.Token)) > 0;)
        {
            if (buffer.AsSpan(0, read).IndexOf("COMMIT"u8) >= 0) isCommit[0] = true;
            await server.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }

    private async Task DownAsync(NetworkStream server, NetworkStream client, bool[] isCommit)
    {
        var buffer = new byte[65536];
        for (int read; (read = await server.ReadAsync(buffer, _end.Token)) > 0;)
        {
            // The answer to the commit: it is done.
            if (isCommit[0] && buffer.AsSpan(0, read).IndexOf("COMMIT\0"u8) >= 0)
            {
                isCommit[0] = false;
                if (Interlocked.Decrement(ref _cutsLeft) >= 0)
                {
                    Interlocked.Increment(ref _cuts);
                    return;
                }
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
