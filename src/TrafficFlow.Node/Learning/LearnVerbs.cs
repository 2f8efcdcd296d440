using System.CommandLine;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.Recordings;

namespace TrafficFlow.Node.Learning;

/// <summary>`trafficflow vault learn`: frames for training and evaluation, and labels that were corrected.</summary>
internal static class LearnVerbs
{
    /// <param name="vault">The verb `vault`.</param>
    public static Command AddTo(Command vault)
    {
        vault.Add(Create(new VaultCommand.Place(VaultPlace.ConfigOption(), VaultPlace.DataOption()), VaultCommand.Secret.Create(), VaultCommand.Scope.Create()));
        return vault;
    }

    private static Verb Create(VaultCommand.Place place, VaultCommand.Secret secret, VaultCommand.Scope scope) => new(
        "learn",
        "Exports recorded frames with what was found in them for training and evaluation, and takes corrected labels back.",
        "trafficflow vault learn export --site kokandori --from 2027-03-31T09:00+09:00 --to 2027-03-31T09:10+09:00 --every 10 --out set --as hanako --config roadside.conf",
        "trafficflow vault learn import set --coco corrected.json --out scenes --as hanako --config roadside.conf")
    {
        Export(place, secret, scope), Import(place, secret),
    };

    private static Verb Export(VaultCommand.Place place, VaultCommand.Secret secret, VaultCommand.Scope scope)
    {
        var output = new Option<string>("--out") { Description = "A folder that is not there yet.", HelpName = "FOLDER", Required = true };
        var every = new Option<int>("--every") { Description = "Each how many-th picture; tracks are followed through all of them.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var reason = new Option<string?>("--reason") { Description = "What for; it stands in the audit.", HelpName = "TEXT" };
        var verb = secret.AddTo(scope.AddTo(new Verb(
            "export", "Writes frames (JPEG) with detections, tracks and classes as COCO and MOT, for a custodian who logs in. In the audit and in the ledger of copies before the first one, until their source ends.",
            "trafficflow vault learn export --site kokandori --camera cam1 --from 2027-03-31T09:00+09:00 --to 2027-03-31T09:10+09:00 --out set --as hanako --config roadside.conf") { output, every, reason, place.Config, place.Data }));
        verb.SetAction((p, cancellation) =>
        {
            if (p.GetValue(every) is < 1 or > 100_000) throw new UsageException($"--every {p.GetValue(every)}: each picture is 1, each tenth 10");
            var folder = LearnJob.NewFolder(p.GetRequiredValue(output));
            var request = scope.Read(p, new VaultRequest("learn") { Path = folder, Reason = p.GetValue(reason) });
            return ExportAsync(place.Job(p, secret), request, folder, p.GetValue(every), cancellation);
        });
        return verb;
    }

    private static async Task<int> ExportAsync(VaultJob job, VaultRequest request, string folder, int every, CancellationToken cancellation)
    {
        try
        {
            return await job.LearnAsync(request, (copy, until, segments, open) => LearnJob.ExportAsync(folder, request.Site!, copy, until, segments, every, open, TimeProvider.System, cancellation));
        }
        finally
        {
            // Where nothing was given out, nothing is left.
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
    }

    private static Verb Import(VaultCommand.Place place, VaultCommand.Secret secret)
    {
        var set = new Argument<string>("SET") { Description = "The folder that `vault learn export` wrote." };
        var coco = new Option<string?>("--coco") { Description = "Corrected annotations; without it SEQUENCE/gt/gt.txt of the set are read (MOT).", HelpName = "FILE" };
        var output = new Option<string>("--out") { Description = "A folder that is not there yet: one scene for each sequence, as the recipe packs them.", HelpName = "FOLDER", Required = true };
        var verb = new Verb("import", "Checks corrected labels, and makes scenes of them for the recipe (src/TrafficFlow.Training), for a custodian who logs in. In the audit.", "trafficflow vault learn import set --coco corrected.json --out scenes --as hanako --config roadside.conf") { set, coco, output, secret.As, place.Config, place.Data };
        verb.SetAction(p => place.Job(p, new GivenSecret(null, false, null), p.GetValue(secret.As))
            .AsCustodianAsync("vault learn import", p.GetRequiredValue(set), () => LearnJob.Import(p.GetRequiredValue(set), p.GetValue(coco), p.GetRequiredValue(output))));
        return verb;
    }
}
