using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TrafficFlow.Node.Control;

/// <summary>Answers those who connect to the node's <see cref="ControlSocket"/>, several at a time.</summary>
internal sealed partial class ControlService(ControlSocket socket, ControlDispatcher dispatcher, ILogger<ControlService> log) : BackgroundService
{
    private const int MostSessions = 16;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _free = new(MostSessions);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        socket.Listen();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Who comes while all are taken waits in the backlog.
                await _free.WaitAsync(stoppingToken);
                _ = ServeAsync(await AcceptAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<Socket> AcceptAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await socket.AcceptAsync(stopping);
            }
            catch (SocketException e)
            {
                // Out of file handles, mostly: that passes.
                LogNotAccepted(e.Message);
                await Task.Delay(AfterFailure, stopping);
            }
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken stopping)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            await new ControlSession(stream, dispatcher).RunAsync(stopping);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client went away, or the node stops.
        }
        catch (Exception unexpected)
        {
            LogUnexpected(unexpected);
        }
        finally
        {
            _free.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The control socket could not accept a client ({Reason}); it tries again")]
    private partial void LogNotAccepted(string reason);

    [LoggerMessage(LogLevel.Error, "A request to the control socket failed unexpectedly; please report it")]
    private partial void LogUnexpected(Exception e);
}
