using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace TrafficFlow.Wire.Peers;

/// <summary>
/// What a certificate says its node may be and speak for: the subject alternative name `trafficflow://ROLE/NAME?site=SITE&amp;camera=CAMERA`
/// that deploy/ca.sh writes.
/// </summary>
/// <param name="Name">Of the node, for people.</param>
/// <param name="Sites">The only sites that a roadside node speaks for; empty for the other roles.</param>
/// <param name="Cameras">The only cameras that a roadside node speaks for; empty for all of its sites.</param>
public sealed record PeerIdentity(PeerRole Role, string Name, IReadOnlyList<string> Sites, IReadOnlyList<string> Cameras)
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const string Scheme = "trafficflow";
    private static readonly Asn1Tag UniformResourceIdentifier = new(TagClass.ContextSpecific, 6);

    /// <summary>Null where the certificate has none, or more than one, or one that cannot be read: it may do nothing then.</summary>
    public static PeerIdentity? Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.Extensions[SubjectAlternativeName] is { } names && Uris(names.RawData) is [var uri] ? Parse(uri) : null;
    }

    /// <summary>Null where the text is none.</summary>
    public static PeerIdentity? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Scheme || uri.AbsolutePath.Length < 2) return null;
        if (!Enum.TryParse<PeerRole>(uri.Host, ignoreCase: true, out var role) || !Enum.IsDefined(role) || char.IsAsciiDigit(uri.Host[0])) return null;
        List<string> sites = [], cameras = [];
        foreach (var part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (part.Split('=', 2))
            {
                case ["site", { Length: > 0 } site]:
                    sites.Add(site);
                    break;
                case ["camera", { Length: > 0 } camera]:
                    cameras.Add(camera);
                    break;
                default:
                    return null;
            }
        }

        return (role == PeerRole.Roadside) == (sites.Count > 0) && (cameras.Count == 0 || role == PeerRole.Roadside)
            ? new PeerIdentity(role, uri.AbsolutePath[1..], sites, cameras)
            : null;
    }

    /// <summary>Whether it may speak for a site.</summary>
    public bool HasSite(string site) => Role == PeerRole.Server || Sites.Contains(site);

    /// <summary>Whether it may speak for a camera of a site.</summary>
    public bool HasCamera(string site, string camera) => HasSite(site) && (Cameras.Count == 0 || Cameras.Contains(camera));

    /// <summary>As a sentence goes on: "roadside node r1 of demo".</summary>
    public override string ToString() =>
        $"{Role.ToString().ToLowerInvariant()} {Name}{(Sites.Count == 0 ? "" : $" of {string.Join(", ", Sites)}")}{(Cameras.Count == 0 ? "" : $" ({string.Join(", ", Cameras)})")}";

    private static List<string> Uris(byte[] extension)
    {
        var found = new List<string>();
        try
        {
            var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag() == UniformResourceIdentifier) found.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UniformResourceIdentifier));
                else names.ReadEncodedValue();
            }
        }
        catch (AsnContentException)
        {
            return [];
        }

        return found;
    }
}
