using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TrafficFlow.Vault.Keys;

/// <summary>
/// Bytes of a key between guard pages, kept out of swap and out of core dumps as far as the operating system allows (libsodium's sodium_malloc: mlock,
/// MADV_DONTDUMP), and overwritten when they are disposed of. What works with them (AES and HMAC of .NET, hence OpenSSL) makes copies of its own on the ordinary heap for as
/// long as it is used: the unit therefore runs without swap and without core dumps (deploy/systemd).
/// </summary>
internal sealed partial class LockedBytes : IDisposable
{
    private const string Library = "libsodium";

    private static readonly int s_initialised = Initialise();

    private static int s_told;
    private static string? s_problem;

    private readonly Lock _freeing = new();
    private nint _address;

    /// <param name="length">Bytes, all zero at first.</param>
    /// <exception cref="InsufficientMemoryException">The system gives none, as where RLIMIT_MEMLOCK is too low for that.</exception>
    public LockedBytes(int length)
    {
        _ = s_initialised;
        Length = length;
        _address = Allocate((nuint)length);
        if (_address == 0) throw new InsufficientMemoryException($"no memory for a key of {length} bytes: is the limit of locked memory (LimitMEMLOCK) too low?");
        Span.Clear();
        // Allocating asks for it too, and does not tell whether it was given.
        Note(LockMemory(_address, (nuint)length) == 0);
    }

    public int Length { get; }

    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public unsafe Span<byte> Span => _address == 0 ? throw new ObjectDisposedException(nameof(LockedBytes), "the key was closed") : new Span<byte>((void*)_address, Length);

    public static LockedBytes Random(int length)
    {
        var bytes = new LockedBytes(length);
        RandomNumberGenerator.Fill(bytes.Span);
        return bytes;
    }

    public static LockedBytes CopyOf(ReadOnlySpan<byte> source)
    {
        var bytes = new LockedBytes(source.Length);
        source.CopyTo(bytes.Span);
        return bytes;
    }

    public void Dispose()
    {
        lock (_freeing)
        {
            if (_address == 0) return;
            Free(_address);
            _address = 0;
        }
    }

    /// <summary>Why keys may come into swap or core dumps; given once in a process, null where nothing is to be told.</summary>
    internal static string? TakeProblem() => Interlocked.Exchange(ref s_problem, null);

    internal static void Note(bool isLocked)
    {
        if (isLocked || Interlocked.Exchange(ref s_told, 1) != 0) return;
        s_problem = "the system lets no more memory be locked: keys may come into swap. Give the unit LimitMEMLOCK=64M (systemd), or raise ulimit -l for the account, and start anew; without swap (MemorySwapMax=0) they cannot";
    }

    private static int Initialise() => Init() < 0 ? throw new DllNotFoundException("libsodium cannot be initialised") : 0;

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "sodium_malloc")]
    private static partial nint Allocate(nuint size);

    [LibraryImport(Library, EntryPoint = "sodium_mlock")]
    private static partial int LockMemory(nint address, nuint size);

    /// <summary>Overwrites it first.</summary>
    [LibraryImport(Library, EntryPoint = "sodium_free")]
    private static partial void Free(nint address);
}
