using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Web.Pages.Audit;

/// <summary>The audit of the node, to be read and verified. Thread-safe.</summary>
/// <param name="copies">Folders to which heads and checkpoints are copied.</param>
public sealed class AuditBook(AuditPlace place, IReadOnlyCollection<string> copies)
{
    // All of it is read for this: one at a time.
    private readonly SemaphoreSlim _verifying = new(1);

    /// <summary>The newest ones, the last one first.</summary>
    /// <exception cref="Vault.Files.VaultFileException">A file cannot be read.</exception>
    public Task<IReadOnlyList<AuditRecord>> NewestAsync(AuditFilter filter, long? before, int most) => Task.Run(() => AuditReader.Newest(place, filter, before, most));

    /// <summary>In the order in which they stand, one file in memory at a time.</summary>
    /// <exception cref="Vault.Files.VaultFileException">A file cannot be read.</exception>
    public IEnumerable<AuditRecord> Read(AuditFilter filter) => AuditReader.Read(place, filter);

    /// <exception cref="Vault.Files.VaultFileException">A file cannot be read, or holds no public keys.</exception>
    public async Task<AuditReport> VerifyAsync(CancellationToken cancellation)
    {
        await _verifying.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => AuditReader.Verify(place, copies, null), cancellation);
        }
        finally
        {
            _verifying.Release();
        }
    }
}
