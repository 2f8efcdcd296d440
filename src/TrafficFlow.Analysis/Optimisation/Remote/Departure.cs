using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>Bytes that have passed the gate: the only thing that a client sends as content. <see cref="DepartureGate"/> alone has a type of it.</summary>
/// <param name="isFile">No JSON: it goes with its MD5.</param>
internal abstract class Departure(byte[] bytes, DepartureRecord record, bool isFile)
{
    public DepartureRecord Record { get; } = record;

    private int _isSent;

    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <exception cref="InvalidOperationException">It was sent: a further try is a further departure, see <see cref="AgainAsync"/>.</exception>
    public HttpContent ToContent() => Interlocked.Exchange(ref _isSent, 1) == 0
        ? new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(isFile ? "application/octet-stream" : "application/json"), ContentMD5 = isFile ? Md5() : null } }
        : throw new InvalidOperationException("one entry of the audit is one try");

    /// <summary>Which services check a transfer by; nothing rests on its strength.</summary>
#pragma warning disable CA5351
    public byte[] Md5() => MD5.HashData(bytes);
#pragma warning restore CA5351

    /// <summary>The same bytes for a further try, which is in the audit before it leaves.</summary>
    public abstract Task<Departure> AgainAsync(CancellationToken cancellation);
}

/// <summary>What left, for the audit.</summary>
/// <param name="Principal">Who asked for it.</param>
/// <param name="At">When it was let out.</param>
/// <param name="Destination">Scheme, host and port.</param>
/// <param name="Kind">In which form, such as "sapi-qp".</param>
/// <param name="Variables">How many, without names.</param>
/// <param name="Sha256">Of the exact bytes, in lower-case hex.</param>
public sealed record DepartureRecord(string Principal, DateTimeOffset At, string Destination, string Kind, int Variables, int Couplings, int Bytes, string Sha256)
{
    /// <summary>Places of all values that leave, such as "[].data.lin", in order: which fields, not what stands in them.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>False for requests about a model that is in another one, such as where it was uploaded to.</summary>
    public bool HoldsModel { get; init; } = true;
}

/// <summary>What was to leave and did not, for the audit.</summary>
/// <param name="Principal">Empty where nobody was named.</param>
/// <param name="Type">Of what was to leave.</param>
/// <param name="Why">Without anything of what it holds.</param>
public sealed record RefusedDeparture(string Principal, DateTimeOffset At, string Destination, string Kind, string Type, string Why);

/// <summary>The audit, as a port. What it has not taken does not leave.</summary>
public interface IDepartureLog
{
    /// <exception cref="DepartureRefusedException">It is not recorded, or may not leave by what the log knows, such as a quota: nothing leaves.</exception>
    Task RecordAsync(DepartureRecord record, CancellationToken cancellation);

    /// <summary>Nothing leaves in any case, whether this is recorded or not.</summary>
    Task RecordRefusedAsync(RefusedDeparture refused, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>The form in which a model leaves: who writes it, and what may stand in it.</summary>
/// <param name="Kind">For the audit.</param>
/// <param name="Allowed">Each value that may occur, by its path: "[].data.lin" and the like; elements of an array are "[]".</param>
internal sealed record DepartureForm(string Kind, ImmutableDictionary<string, DepartureValue> Allowed)
{
    /// <summary>For a form that is no JSON: looks at every byte, and tells which fields there are.</summary>
    /// <exception cref="DepartureRefusedException">Something in it may not leave.</exception>
    public Func<byte[], IEnumerable<string>>? InspectFile { get; init; }

    /// <summary>False for a request about a model that is in another one.</summary>
    public bool HoldsModel { get; init; } = true;

    /// <summary>Paths at which a list may stand: those on the way to an allowed value.</summary>
    public ImmutableHashSet<string> Lists { get; } = [.. Before(Allowed.Keys, '[')];

    /// <summary>Paths at which an object may stand, likewise.</summary>
    public ImmutableHashSet<string> Objects { get; } = [.. Before(Allowed.Keys, '.'), .. Allowed.Keys.Any(path => path[0] != '[') ? [""] : Array.Empty<string>()];

    /// <summary>All paths at which anything may stand.</summary>
    public ImmutableHashSet<string> Places { get; } = [.. Allowed.Keys, .. Before(Allowed.Keys, '['), .. Before(Allowed.Keys, '.')];

    private static IEnumerable<string> Before(IEnumerable<string> paths, char next) =>
        paths.SelectMany(path => Enumerable.Range(0, path.Length).Where(i => path[i] == next).Select(i => path[..i]));
}

/// <summary>What a value may be.</summary>
internal abstract record DepartureValue
{
    /// <summary>A finite number.</summary>
    public sealed record Number : DepartureValue;

    public sealed record Truth : DepartureValue;

    /// <summary>Base64 of whole doubles and of nothing else.</summary>
    public sealed record Doubles : DepartureValue;

    /// <summary>One of these texts, which are the program's, the configuration's or the service's own.</summary>
    public sealed record Words(ImmutableHashSet<string> All) : DepartureValue;

    public static DepartureValue Word(params IEnumerable<string> words) => new Words([.. words]);
}
