using Microsoft.Extensions.Logging;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Node.Run;

/// <summary>The record of who did what, of a node: cameras count and commands are carried out whatever has happened to its files, and what keeps it from being opened may pass.</summary>
internal sealed class NodeAudit(string folder, AuditOptions options, ILogger log, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_tryEach = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _end = new();
    private AuditLog? _log;
    private string? _whyNot;
    private Task _trying = Task.CompletedTask;

    /// <summary>Null where it cannot be opened now.</summary>
    public AuditLog? Log => Volatile.Read(ref _log);

    /// <summary>For the node's health: what is not recorded or not copied, why, and what to do; null where all is well.</summary>
    public string? Problem => Log is { } open ? open.Problem : Volatile.Read(ref _whyNot);

    /// <summary>Tries once, and from then on each minute, until it is open.</summary>
    public async Task StartAsync()
    {
        if (!await TryAsync()) _trying = TryAgainAsync();
    }

    private async Task TryAgainAsync()
    {
        using var timer = new PeriodicTimer(s_tryEach, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                if (!await TryAsync()) continue;
                log.LogInformation("The audit of this node is recorded again; what happened meanwhile is not in it");
                return;
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task<bool> TryAsync()
    {
        try
        {
            Volatile.Write(ref _log, await AuditLog.OpenAsync(folder, options with { IsNode = true }, time));
            return true;
        }
        catch (VaultFileException e)
        {
            if (Volatile.Read(ref _whyNot) is null) log.LogError("Nothing is recorded in the audit of this node, until it can be opened: {Reason}", e.Message);
            Volatile.Write(ref _whyNot, $"nothing is recorded in the audit: {e.Message}");
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _trying;
        if (Log is { } open) await open.DisposeAsync();
        _end.Dispose();
    }
}
