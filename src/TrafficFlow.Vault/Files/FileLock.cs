namespace TrafficFlow.Vault.Files;

/// <summary>Held by one process at a time while it changes a file. The operating system frees it when the process ends, however it ends.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_askAgain = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _held;

    private FileLock(FileStream held) => _held = held;

    /// <param name="path">Of the lock, which stays empty and is never removed.</param>
    /// <exception cref="VaultFileException">Somebody else holds it for long, or it cannot be made.</exception>
    public static async Task<FileLock> TakeAsync(string path, CancellationToken cancellation = default)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileLock(PrivateFile.OpenToAppend(path, FileShare.None));
            }
            catch (IOException e) when (File.Exists(path) && new FileInfo(path).LinkTarget is null)
            {
                if (TimeProvider.System.GetElapsedTime(began) > s_patience) throw new VaultFileException($"{path} is held by another process for {s_patience.TotalSeconds:0} seconds ({e.Message}): which does trafficflow run? Try again when it has ended", e);
                await Task.Delay(s_askAgain, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw PrivateFile.Unwritable(path, e);
            }
        }
    }

    public void Dispose() => _held.Dispose();
}
