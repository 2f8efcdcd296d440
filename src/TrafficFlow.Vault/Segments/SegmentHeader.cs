using System.Buffers.Binary;
using System.Text.Json;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>
/// Beginning of a segment's file: 8 bytes "TFSEGM1\n", the length of what is known of it (16 bits, big-endian), its key wrapped by the key of its day (40 bytes), and what is known of it in JSON.
/// All but the key is the context of the encryption: a segment that says anything else of itself does not open.
/// </summary>
internal sealed record SegmentHeader(SegmentPlace Place, DateTimeOffset From, FrameFormat Frame, string SiteHash, string Detector)
{
    public const int WrappedKeyAt = 10;

    private const int LongestText = 2048;
    private const int TextAt = WrappedKeyAt + KeyWrap.WrappedBytes;

    private static readonly JsonSerializerOptions s_layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, MaxDepth = 2 };

    private sealed record Text(string Site, string Camera, string Name, DateTimeOffset From, int Width, int Height, double Fps, string SiteHash, string Detector);

    private static ReadOnlySpan<byte> Magic => "TFSEGM1\n"u8;

    /// <summary>Where the encrypted pictures begin.</summary>
    public int Bytes { get; private init; }

    /// <summary>What the encryption is bound to.</summary>
    public byte[] Context { get; private init; } = [];

    /// <summary>Overwritten where the segment was erased.</summary>
    public byte[] WrappedKey { get; private init; } = [];

    public static SegmentHeader Of(SegmentPlace place, SegmentStart start, Func<SegmentPlace, byte[]> wrapped)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(
            new Text(place.Site.Value, place.Camera.Value, place.Name, start.From, start.Frame.Width, start.Frame.Height, start.Frame.FramesPerSecond, start.SiteHash, start.Detector), s_layout);
        if (text.Length > LongestText) throw new SegmentStoreException($"what is said of the segment has {text.Length} bytes, more than the {LongestText} that fit: is the detector's name that long?");
        return new SegmentHeader(place, start.From, start.Frame, start.SiteHash, start.Detector) { Bytes = TextAt + text.Length, Context = [.. Magic, .. text], WrappedKey = wrapped(place) };
    }

    public byte[] Write()
    {
        var bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(Magic.Length), (ushort)(Bytes - TextAt));
        WrappedKey.CopyTo(bytes, WrappedKeyAt);
        Context.AsSpan(Magic.Length).CopyTo(bytes.AsSpan(TextAt));
        return bytes;
    }

    /// <summary>The same segment with its key wrapped by another one: nothing else of the file changes.</summary>
    public SegmentHeader With(byte[] wrappedKey) => this with { WrappedKey = wrappedKey };

    /// <summary>Of what the encryption is bound to, without the wrapped key.</summary>
    /// <returns>Null where it is none.</returns>
    public static SegmentHeader? OfContext(ReadOnlySpan<byte> context)
    {
        if (!context.StartsWith(Magic) || context.Length - Magic.Length > LongestText) return null;
        var bytes = new byte[TextAt + context.Length - Magic.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(Magic.Length), (ushort)(context.Length - Magic.Length));
        context[Magic.Length..].CopyTo(bytes.AsSpan(TextAt));
        return Parse(bytes);
    }

    /// <returns>Null where the file begins with none.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SegmentHeader? Read(Stream file)
    {
        var bytes = new byte[TextAt + LongestText];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return Parse(bytes.AsSpan(0, count));
    }

    /// <returns>Null where it is none.</returns>
    public static SegmentHeader? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < TextAt || !bytes.StartsWith(Magic)) return null;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[Magic.Length..]);
        if (length > LongestText || bytes.Length < TextAt + length) return null;
        var content = bytes.Slice(TextAt, length);
        try
        {
            if (JsonSerializer.Deserialize<Text>(content, s_layout) is not { Site: not null, Camera: not null, Name: not null, SiteHash: not null, Detector: not null } text) return null;
            if (SegmentPlace.TimeOf(text.Name) is not { } time || !SegmentPlace.IsPlausible(text.From) || !NameRule.IsChosen(text.Site) || !NameRule.IsChosen(text.Camera)) return null;
            if (text.Width is < 1 or > 16_384 || text.Height is < 1 or > 16_384 || text.Fps is not (> 0 and < 1000)) return null;
            var place = new SegmentPlace(new SiteId(text.Site), new CameraId(text.Camera), SegmentPlace.DayOf(time), text.Name);
            return new SegmentHeader(place, text.From, new FrameFormat(text.Width, text.Height, text.Fps), text.SiteHash, text.Detector)
            {
                Bytes = TextAt + length,
                Context = [.. Magic, .. content],
                WrappedKey = bytes.Slice(WrappedKeyAt, KeyWrap.WrappedBytes).ToArray(),
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
