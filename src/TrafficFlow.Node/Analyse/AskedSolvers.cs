using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Solvers;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Node.Analyse;

/// <summary>The solvers that the verb was told to ask. Of those elsewhere each model is in the node's audit before it leaves.</summary>
internal sealed class AskedSolvers : IAsyncDisposable
{
    private readonly List<OpenSolver> _open = [];
    private AuditLog? _audit;

    public IReadOnlyList<ISolver> All => [.. _open.Select(s => s.Solver)];

    /// <param name="settings">Of the node; null where the verb has none: then there are our own alone.</param>
    /// <exception cref="UsageException">There is none of that name, or it cannot be asked.</exception>
    /// <exception cref="JobFailedException">The node's audit cannot be written.</exception>
    public static async Task<AskedSolvers> OpenAsync(IReadOnlyList<string> names, NodeSettings? settings, TimeProvider time)
    {
        var asked = new AskedSolvers();
        try
        {
            if (settings is not null && names.Any(n => settings.Solvers.Any(s => s.Name == n))) asked._audit = await AuditLog.OpenAsync(settings.DataDirectory, settings.Audit, time);
            var solvers = new NodeSolvers(settings?.Solvers ?? [], () => asked._audit, new AuditPlace(settings?.DataDirectory ?? "."), time);
            foreach (var name in names.Distinct()) asked._open.Add(solvers.Open(name, Environment.UserName, $"unix:{Environment.UserName}"));
            return asked;
        }
        catch (SolverException e)
        {
            await asked.DisposeAsync();
            throw new UsageException($"--solver: {e.Message}");
        }
        catch (VaultFileException e)
        {
            await asked.DisposeAsync();
            throw new JobFailedException($"nothing may leave for a solver that is not in the node's audit: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var solver in _open) solver.Dispose();
        if (_audit is { } audit) await audit.DisposeAsync();
    }
}
