namespace TrafficFlow.Vault.Accounts;

/// <summary>Passwords are hashed and compared two at a time, each in 19 MiB: more wait, and beyond a bound are sent away. Thread-safe.</summary>
internal sealed class HashingTurns
{
    public const string Busy = "too many log in at this moment: try again in a few seconds";

    private const int AtOnce = 2;
    private const int MostWaiting = 32;

    private readonly SemaphoreSlim _turn = new(AtOnce);
    private int _waiting;
    private long _runs;

    /// <summary>So many passwords were hashed or compared.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    /// <returns>False where too many wait already, and nothing was done.</returns>
    public async Task<bool> TryRunAsync(Action hash)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting + AtOnce)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            Interlocked.Increment(ref _runs);
            await Task.Run(hash).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _turn.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <exception cref="AccountException">Too many wait already.</exception>
    public async Task<T> RunAsync<T>(Func<T> hash)
    {
        T result = default!;
        return await TryRunAsync(() => result = hash()).ConfigureAwait(false) ? result : throw new AccountException(Busy);
    }
}
