using System.CommandLine;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.HandCarry;

namespace TrafficFlow.Node.Recordings;

/// <summary>The verbs of `trafficflow vault` for what is carried by hand.</summary>
internal static class HandCarryVerbs
{
    public static Verb Identity(VaultCommand.Place place, VaultCommand.Secret secret)
    {
        var output = new Option<string?>("--out") { Description = "A file, to be given to the other side. [default: standard output]", HelpName = "FILE" };
        var verb = secret.AddTo(new Verb("identity", "Says who this vault is: to which key bundles for it are sealed, and with which key it signs.", "trafficflow vault identity --out server.identity --config server.conf") { output, place.Config, place.Data });
        verb.SetAction(p => place.Job(p, secret).RunAsync(new VaultRequest("identity") { Path = Full(p.GetValue(output)) }));
        return verb;
    }

    public static Verb Trust(VaultCommand.Place place, VaultCommand.Secret secret)
    {
        var file = new Argument<string>("FILE") { Description = "The identity of the other vault." };
        var fingerprint = new Option<string?>("--fingerprint") { Description = "As the other side told it by another way than the file.", HelpName = "TEXT" };
        var verb = secret.AddTo(new Verb("trust", "Trusts another vault, so that bundles can be carried to it and from it.", "trafficflow vault trust server.identity --fingerprint 0a1b-2c3d-4e5f-6071-8293-a4b5-c6d7-e8f9 --config roadside.conf") { file, fingerprint, place.Config, place.Data });
        verb.SetAction(p => place.Job(p, secret).RunAsync(new VaultRequest("trust") { File = Content(p.GetRequiredValue(file)), Other = p.GetValue(fingerprint) }));
        return verb;
    }

    public static Verb Export(VaultCommand.Place place, VaultCommand.Secret secret, VaultCommand.Scope scope)
    {
        var to = new Option<string?>("--for") { Description = "The vault that takes it in, by the name or fingerprint of vault trusted.", HelpName = "VAULT" };
        var into = new Option<string>("--into") { Description = "A folder on the disk that is carried.", HelpName = "DIR", Required = true };
        var bundle = new Option<string?>("--bundle") { Description = "Go on with this bundle, after an interruption or with the next disk.", HelpName = "ID" };
        var volume = new Option<int?>("--volume") { Description = "Of it. [default: the first that is not written]", HelpName = "N" };
        var size = new Option<int?>("--volume-gigabytes") { Description = "That fit on one disk. [default: 32]", HelpName = "N" };
        var until = new Option<string?>("--until") { Description = "By when the disks are wiped; it stands in the ledger of copies. What is carried may end it sooner. [default: in 30 days]", HelpName = "TIME" };
        var verb = secret.AddTo(scope.AddTo(new Verb(
            "export", "Writes recordings to a disk that is carried to another vault, which alone can open them. Nothing is erased here before it has confirmed.",
            "trafficflow vault export --for server --into /mnt/trafficflow --to 2027-03-31 --config roadside.conf",
            "trafficflow vault export --bundle 20270331T090000Z-1a2b3c4d --into /mnt/trafficflow --config roadside.conf") { to, into, bundle, volume, size, until, place.Config, place.Data }));
        verb.SetAction(p => p.GetValue(size) is < 1 or > 100_000
            ? throw new UsageException($"--volume-gigabytes {p.GetValue(size)}: 1 to 100000")
            : place.Job(p, secret).RunAsync(scope.Read(p, new VaultRequest("export")
            {
                Other = p.GetValue(to),
                Path = Full(p.GetRequiredValue(into)),
                Id = p.GetValue(bundle),
                Volume = p.GetValue(volume),
                VolumeBytes = p.GetValue(size) is { } gigabytes ? gigabytes * 1_000_000_000L : null,
                Until = p.GetValue(until) is { } end ? CommandTime.End("--until", end, VaultCommand.ZoneOf(p)) : null,
            })));
        return verb;
    }

    public static Verb Import(VaultCommand.Place place, VaultCommand.Secret secret)
    {
        var volume = new Argument<string>("DIR") { Description = "The folder of a volume: trafficflow-…" };
        var verb = secret.AddTo(new Verb("import", "Takes in a volume that was carried here, verified byte by byte, and writes the signed confirmation beside it.", "trafficflow vault import /mnt/trafficflow/trafficflow-20270331T090000Z-1a2b3c4d-1 --config server.conf") { volume, place.Config, place.Data });
        verb.SetAction(p => place.Job(p, secret).RunAsync(new VaultRequest("import") { Path = Full(p.GetRequiredValue(volume)) }));
        return verb;
    }

    public static Verb Confirm(VaultCommand.Place place, VaultCommand.Secret secret)
    {
        var file = new Argument<string>("FILE") { Description = "CONFIRMATION, from the disk that came back." };
        var verb = secret.AddTo(new Verb("confirm", "Erases here what another vault has confirmed to have taken in, and nothing else.", "trafficflow vault confirm /mnt/trafficflow/trafficflow-20270331T090000Z-1a2b3c4d-1/CONFIRMATION --config roadside.conf") { file, place.Config, place.Data });
        verb.SetAction(p => place.Job(p, secret).RunAsync(new VaultRequest("confirm") { File = Content(p.GetRequiredValue(file)) }));
        return verb;
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    private static byte[] Content(string path)
    {
        try
        {
            return CarriedFile.Read(path, SignedDocument.Longest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {e.Message}");
        }
    }
}
