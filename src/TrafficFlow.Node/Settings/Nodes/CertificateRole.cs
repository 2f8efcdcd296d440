using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Holds what a node is to be against what its certificate lets it be: the others would refuse what goes beyond.</summary>
internal static class CertificateRole
{
    public static void Check(SettingsReader node, NodeSettings settings)
    {
        if (settings.Remoting.Tls is not { } tls || Identity(tls.Certificate) is not { } identity || identity.Role == PeerRole.Server) return;
        var mine = identity.ToString();
        foreach (var role in settings.Roles.Where(r => r.ToString() != identity.Role.ToString()))
        {
            var name = role.ToString().ToLowerInvariant();
            node.Problem("roles", $"the certificate is that of a {mine}, and does not let this node be {name}", $"set roles = [{identity.Role.ToString().ToLowerInvariant()}], or make a certificate with 'ca.sh renew DIR {identity.Name} --role {name}'");
        }

        foreach (var site in settings.Sites.Select(s => s.Site).Where(s => identity.Role == PeerRole.Roadside && s.Id.Value is { Length: > 0 } && !identity.HasSite(s.Id.Value)))
            node.Problem("sites", $"the certificate is that of a {mine}, and not for site {site.Id}", $"renew it with 'ca.sh renew DIR {identity.Name} --role roadside --site {string.Join(',', [.. identity.Sites, site.Id.Value])}'");
        foreach (var (site, camera) in settings.Sites.SelectMany(s => s.Site.Cameras.Select(c => (s.Site.Id.Value, c.Id.Value))).Where(c => identity.HasSite(c.Item1) && !identity.HasCamera(c.Item1, c.Item2)))
            node.Problem("sites", $"the certificate is that of a {mine}, and not for camera {camera} of site {site}", $"renew it with --camera, every camera of this node named");
    }

    private static PeerIdentity? Identity(string file)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return PeerIdentity.Of(certificate);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Told by the look into the files.
            return null;
        }
    }
}
