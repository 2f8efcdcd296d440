using System.Net;
using System.Net.Sockets;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Disks;

namespace TrafficFlow.Node.Custody;

/// <summary>Looks at what of the sites' custody can be seen on this node; changes nothing.</summary>
/// <param name="data">The data folder; it need not be there yet.</param>
/// <param name="hasCameras">Whether this node reads the cameras: the way of their pictures is looked at here.</param>
internal sealed class CustodyLook(string data, bool hasCameras)
{
    private static readonly TimeSpan ResolveWithin = TimeSpan.FromSeconds(5);

    /// <summary>Finds out about the disk of a folder.</summary>
    public Func<string, DiskVerdict> Disk { get; init; } = folder => new DiskSurvey().Look(folder);

    /// <summary>All addresses of a name; none where it has none now.</summary>
    public Func<string, CancellationToken, Task<IReadOnlyList<IPAddress>>> Resolve { get; init; } = ResolveAsync;

    /// <summary>Whether what is published of a site with a custody section is in force; null where nothing is published from this node.</summary>
    public Func<Site, CustodyFinding>? Notice { get; init; }

    /// <returns>Of each site: the disk, the way of each camera whose pictures cross a network, and how large plates and faces are in its picture; and what is published.</returns>
    public async Task<IReadOnlyList<CustodyFinding>> RunAsync(IReadOnlyList<Site> sites, CancellationToken cancellation)
    {
        if (sites.Count == 0) return [];
        var disk = Disk(data);
        var findings = new List<CustodyFinding>();
        foreach (var site in sites)
        {
            findings.Add(OfDisk(site, disk));
            if (site.Custody is not null && Notice is not null) findings.Add(Notice(site));
            if (!hasCameras) continue;
            findings.AddRange((await Task.WhenAll(site.Cameras.Select(c => OfLinkAsync(site, c, cancellation)))).OfType<CustodyFinding>());
            findings.AddRange(site.Cameras.Select(c => PictureFindings.Of(site, c)).OfType<CustodyFinding>());
        }

        return findings;
    }

    private static CustodyFinding OfDisk(Site site, DiskVerdict disk) => new(
        site.Id, CustodyRule.Disk, "disk encryption", site.Custody?.EncryptedDisk ?? Requirement.Off, disk.Problem is null, disk.Problem is { } problem && site.Custody is { EncryptedDisk: not Requirement.Off } ? problem : disk.Summary)
    { IsUnknown = disk.Protection == DiskProtection.Unknown, Target = disk.Folder };

    /// <summary>Null where its pictures cross no network.</summary>
    private async Task<CustodyFinding?> OfLinkAsync(Site site, CameraSetup camera, CancellationToken cancellation)
    {
        var addresses = LinkJudge.HostToResolve(camera.Source) is { } host ? await Resolve(host, cancellation) : [];
        var verdict = LinkJudge.Judge(camera.Source, addresses, site.Custody?.Networks ?? []);
        return verdict.Standing == LinkStanding.NotNeeded ? null
            : new CustodyFinding(site.Id, CustodyRule.Link, $"link of {camera.Id}", site.Custody?.EncryptedLink ?? Requirement.Off, verdict.IsGood, verdict.Text) { IsUnresolved = verdict.Standing == LinkStanding.Unknown, Target = camera.Id.Value };
    }

    private static async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var address)) return [address];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ResolveWithin);
        try
        {
            return await Dns.GetHostAddressesAsync(host, limit.Token);
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return [];
        }
    }
}
