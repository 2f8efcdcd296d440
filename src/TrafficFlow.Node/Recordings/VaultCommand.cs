using System.CommandLine;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Recordings;

/// <summary>`trafficflow vault`: recordings of anonymized pictures, their keys, and their erasure.</summary>
public static class VaultCommand
{
    internal sealed record Place(Option<string?> Config, Option<string?> Data)
    {
        public VaultPlace Find(ParseResult p) => VaultPlace.Find(p.GetValue(Config), p.GetValue(Data));

        public VaultJob Job(ParseResult p, GivenSecret given, string? person = null) =>
            new(Find(p), p.GetValue(Config) is { } config ? NodeSettings.Load(config) : null, given, new GivenLogIn(person), TimeProvider.System);

        public VaultJob Job(ParseResult p, Secret secret) => Job(p, secret.Read(p), p.GetValue(secret.As));
    }

    internal sealed record Secret(Option<string?> Credential, Option<bool> Passphrase, Option<string?> Shares, Option<string?> As)
    {
        public static Secret Create() => new(
            new Option<string?>("--credential") { Description = "A file of 32 random bytes or more, as systemd hands one to the unit. [default: that of the settings]", HelpName = "FILE" },
            new Option<bool>("--passphrase") { Description = "Asked for; or the next line of standard input." },
            new Option<string?>("--shares") { Description = "Asked for one after another: how many are brought. To make new ones: how many are needed of how many, 2/3.", HelpName = "N[/M]" },
            GivenLogIn.Option());

        public Verb AddTo(Verb verb)
        {
            foreach (var option in new Option[] { Credential, Passphrase, Shares, As }) verb.Add(option);
            return verb;
        }

        public GivenSecret Read(ParseResult p) => new(p.GetValue(Credential), p.GetValue(Passphrase), p.GetValue(Shares));
    }

    internal sealed record Scope(Option<string?> Site, Option<string?> Camera, Option<string?> From, Option<string?> To)
    {
        public static Scope Create() => new(
            new Option<string?>("--site") { Description = "Of one site.", HelpName = "SITE" },
            new Option<string?>("--camera") { Description = "Of one camera of it.", HelpName = "CAMERA" },
            new Option<string?>("--from") { Description = "From that day on (clock of the site; UTC without --config), 2027-03-31, or an instant with its offset, 2027-03-31T18:00+09:00.", HelpName = "TIME" },
            new Option<string?>("--to") { Description = "Up to that day, inclusive, or before that instant.", HelpName = "TIME" });

        public Verb AddTo(Verb verb)
        {
            foreach (var option in new Option[] { Site, Camera, From, To }) verb.Add(option);
            return verb;
        }

        public VaultRequest Read(ParseResult p, VaultRequest request) => request with
        {
            Site = p.GetValue(Site),
            Camera = p.GetValue(Camera),
            From = p.GetValue(From) is { } from ? CommandTime.Begin("--from", from, ZoneOf(p)) : null,
            To = p.GetValue(To) is { } to ? CommandTime.End("--to", to, ZoneOf(p)) : null,
        };
    }

    /// <summary>Days are those of the site that is named, or of the node's first site; of UTC where no settings are at hand.</summary>
    internal static TimeZoneInfo? ZoneOf(ParseResult p)
    {
        if (p.GetValue<string?>("--config") is not { } config) return null;
        var (sites, named) = (NodeSettings.Load(config).Sites, p.GetValue<string?>("--site"));
        return (sites.FirstOrDefault(s => s.Site.Id.Value == named) ?? sites.FirstOrDefault())?.Site.TimeZone;
    }

    public static Command Create()
    {
        var (place, secret, scope) = (new Place(VaultPlace.ConfigOption(), VaultPlace.DataOption()), Secret.Create(), Scope.Create());
        var reason = new Option<string?>("--reason") { Description = "Why; it stands in the audit and in the receipt.", HelpName = "TEXT" };
        var label = new Option<string?>("--label") { Description = "Whose it is or where it is kept, for people.", HelpName = "TEXT" };
        var id = new Argument<string>("ID") { Description = "As vault status, vault holds or vault copies shows it." };
        var until = new Option<string?>("--until") { Description = "Its last day (clock of the site; UTC without --config), or an instant with its offset.", HelpName = "TIME" };

        Verb Simple(string name, string description, Func<ParseResult, VaultRequest>? of = null)
        {
            var verb = new Verb(name, description, $"trafficflow vault {name} --config roadside.conf") { place.Config, place.Data };
            verb.SetAction(p => place.Job(p, new GivenSecret(null, false, null)).RunAsync(of?.Invoke(p) ?? new VaultRequest(name)));
            return verb;
        }

        var list = scope.AddTo(Simple("list", "Lists segments: whole, cut, missing or erased, with frames and size.", p => scope.Read(p, new VaultRequest("list"))));
        var release = Keyed("release", "Ends a legal hold before its time.", p => new VaultRequest("release") { Id = p.GetRequiredValue(id), Reason = p.GetValue(reason) }, "trafficflow vault release hold-1 --config roadside.conf");
        release.Add(id);
        release.Add(reason);
        var endCopy = Keyed("end-copy", "Notes that a copy was destroyed, or came home: --reason says how.", p => new VaultRequest("end-copy") { Id = p.GetRequiredValue(id), Reason = p.GetValue(reason) }, "trafficflow vault end-copy copy-1 --reason 'wiped by suzuki' --config roadside.conf");
        endCopy.Add(id);
        endCopy.Add(reason);
        var removeKey = Keyed("remove-key", "Removes a way to the key.", p => new VaultRequest("remove-key") { Id = p.GetRequiredValue(id) }, "trafficflow vault remove-key 0a1b2c3d --config roadside.conf");
        removeKey.Add(id);

        var distrust = Keyed("distrust", "Trusts another vault no more: by its fingerprint, as vault trusted shows it.", p => new VaultRequest("distrust") { Other = p.GetRequiredValue(id) }, "trafficflow vault distrust 52da-… --config roadside.conf");
        distrust.Add(id);
        var cancelExport = Keyed("cancel-export", "Gives a bundle up that was not taken in: its recordings can be carried with another one.", p => new VaultRequest("cancel-export") { Id = p.GetRequiredValue(id) }, "trafficflow vault cancel-export 20270331T090000Z-1a2b3c4d --config roadside.conf");
        cancelExport.Add(id);

        Verb Keyed(string name, string description, Func<ParseResult, VaultRequest> of, string example)
        {
            var verb = secret.AddTo(new Verb(name, description, example) { place.Config, place.Data });
            verb.SetAction(p => place.Job(p, secret).RunAsync(of(p)));
            return verb;
        }

        return new Verb(
            "vault",
            "Recordings of anonymized pictures: their keys, what there is, playing, erasing with a signed receipt.",
            "trafficflow vault status --config roadside.conf",
            "trafficflow vault erase --site kokandori --camera cam1 --from 2027-03-31 --to 2027-03-31 --reason 'request 12' --config roadside.conf",
            "trafficflow vault verify-receipt 20270331T090000Z-1a2b3c4d.receipt --key audit.pub")
        {
            Simple("status", "Says whether the vault is open, with what it opens, what it holds, and what is not well."),
            list,
            InitVerb(place, secret, label),
            UnlockVerb(place, secret),
            ProveVerb(place, secret),
            Simple("lock", "Forgets the key: nothing is recorded or played until it is opened again."),
            AddKeyVerb(place, secret, label),
            removeKey,
            Keyed("rotate", "New keys for the master and all sites, or for one site; no segment is written.", p => scope.Read(p, new VaultRequest("rotate")), "trafficflow vault rotate --config roadside.conf").With(scope.Site),
            scope.AddTo(Keyed("verify", "Reads every byte, and tells what was changed, cut, moved, taken away or brought in, and where. Exit code 1 where something was.", p => scope.Read(p, new VaultRequest("verify")), "trafficflow vault verify --site kokandori --config roadside.conf")),
            PlayVerb(place, secret),
            EraseVerb(place, secret, scope, reason),
            HoldVerb(place, secret, scope, reason, until),
            release,
            Simple("holds", "Lists legal holds, those that have ended too."),
            Simple("copies", "Lists copies outside of the vault: where they are, and by when they are destroyed."),
            endCopy,
            HandCarryVerbs.Identity(place, secret),
            HandCarryVerbs.Trust(place, secret),
            Simple("trusted", "Lists the vaults that this one trusts."),
            distrust,
            HandCarryVerbs.Export(place, secret, scope),
            Simple("exports", "Lists bundles: how many volumes are written, confirmed and erased."),
            cancelExport,
            HandCarryVerbs.Import(place, secret),
            HandCarryVerbs.Confirm(place, secret),
            Keyed("renew-registers", "Puts registers aside that somebody has changed (holds, copies, trusted vaults, bundles, erasures), and goes on without: what they decided is entered anew.", p => new VaultRequest("renew-registers") { Reason = p.GetValue(reason) }, "trafficflow vault renew-registers --reason 'disk error of 03-31' --config roadside.conf").With(reason),
            ReceiptVerb(),
        };
    }

    private static Verb With(this Verb verb, params Option[] options)
    {
        foreach (var option in options) verb.Add(option);
        return verb;
    }

    private static Verb InitVerb(Place place, Secret secret, Option<string?> label)
    {
        var verb = secret.AddTo(new Verb(
            "init", "Makes the master key, with one way to it or several.",
            "trafficflow vault init --credential /etc/trafficflow/secrets/vault --shares 2/3 --config roadside.conf",
            "trafficflow vault init --passphrase --config roadside.conf") { place.Config, place.Data, label });
        verb.Details =
        [
            "With --credential FILE the node opens its vault by itself at each start: name the file in",
            "trafficflow.vault.credential. With --shares 2/3 any two of three custodians can open it when the",
            "file is lost: their shares are printed once. Without any of its ways nothing can be opened again.",
        ];
        verb.SetAction(p => place.Job(p, secret).RunAsync(secret.Read(p).AddTo(new VaultRequest("init") { Label = p.GetValue(label) }, isNew: true)));
        return verb;
    }

    private static Verb UnlockVerb(Place place, Secret secret)
    {
        var verb = secret.AddTo(new Verb("unlock", "Opens the vault of a running node.", "trafficflow vault unlock --passphrase --config roadside.conf", "trafficflow vault unlock --shares 2 --config roadside.conf") { place.Config, place.Data });
        verb.SetAction(p => place.Job(p, secret).RunAsync(secret.Read(p).AddTo(new VaultRequest("unlock"), isNew: false)));
        return verb;
    }

    private static Verb ProveVerb(Place place, Secret secret)
    {
        var verb = secret.AddTo(new Verb("prove", "Tries whether one way to the key still opens the vault, and notes when; nothing else is changed.", "trafficflow vault prove --shares 2 --config roadside.conf", "trafficflow vault prove --passphrase --config roadside.conf") { place.Config, place.Data });
        verb.Details = ["A share in a drawer is found to be lost by trying it. vault status shows when each way was tried last;", "one that was not for trafficflow.vault.prove-within-days (180) is told by mail, webhook and health."];
        verb.SetAction(p => place.Job(p, secret).RunAsync(secret.Read(p).AddTo(new VaultRequest("prove"), isNew: false)));
        return verb;
    }

    private static Verb AddKeyVerb(Place place, Secret secret, Option<string?> label)
    {
        var verb = secret.AddTo(new Verb("add-key", "Adds a way to the key of an open vault.", "trafficflow vault add-key --shares 2/3 --label custodians --config roadside.conf") { place.Config, place.Data, label });
        verb.SetAction(p => place.Job(p, new GivenSecret(null, false, null)).RunAsync(secret.Read(p).AddTo(new VaultRequest("add-key") { Label = p.GetValue(label) }, isNew: true)));
        return verb;
    }

    private static Verb PlayVerb(Place place, Secret secret)
    {
        var segment = new Argument<string>("SEGMENT") { Description = "SITE/CAMERA/NAME, as vault list shows it." };
        var output = new Option<string>("--out") { Description = "A new file; - for standard output.", HelpName = "FILE", DefaultValueFactory = _ => "-" };
        var some = new Option<bool>("--as-far-as-it-goes") { Description = "Of one that is cut or damaged: the seconds that still play." };
        var verb = secret.AddTo(new Verb(
            "play", "Decrypts a segment: H.264 in fragmented MP4. An export, to a pipe too: in the audit and in the ledger of copies before the first byte.",
            "trafficflow vault play kokandori/cam1/20270331T090000.000Z --config roadside.conf | ffplay -") { segment, output, some, place.Config, place.Data });
        verb.SetAction(p => place.Job(p, secret).PlayAsync(p.GetRequiredValue(segment), p.GetValue(some), p.GetRequiredValue(output)));
        return verb;
    }

    private static Verb EraseVerb(Place place, Secret secret, Scope scope, Option<string?> reason)
    {
        var everything = new Option<bool>("--everything") { Description = "All sites, and the master key: the end." };
        var dry = new Option<bool>("--dry-run") { Description = "Say what would be erased, and change nothing." };
        var sure = new Option<bool>("--yes") { Description = "Do not ask." };
        var verb = secret.AddTo(scope.AddTo(new Verb(
            "erase", "Destroys keys, then overwrites and removes the recordings, and signs a receipt.",
            "trafficflow vault erase --site kokandori --camera cam1 --from 2027-03-31T09:00+09:00 --to 2027-03-31T09:30+09:00 --reason 'request 12' --config roadside.conf",
            "trafficflow vault erase --everything --reason 'end of the experiment' --dry-run --config roadside.conf") { reason, everything, dry, sure, place.Config, place.Data }));
        verb.SetAction(p => place.Job(p, secret).EraseAsync(scope.Read(p, new VaultRequest("erase") { Reason = p.GetValue(reason), Everything = p.GetValue(everything), DryRun = p.GetValue(dry) }), p.GetValue(sure)));
        return verb;
    }

    private static Verb HoldVerb(Place place, Secret secret, Scope scope, Option<string?> reason, Option<string?> until)
    {
        var everything = new Option<bool>("--everything") { Description = "All sites." };
        var verb = secret.AddTo(scope.AddTo(new Verb(
            "hold", "Keeps recordings that would be erased, with a reason and an end.",
            "trafficflow vault hold --site kokandori --from 2027-03-31T09:00+09:00 --to 2027-03-31T09:30+09:00 --reason 'accident, police 4711' --until 2027-06-30 --config roadside.conf") { reason, until, everything, place.Config, place.Data }));
        verb.SetAction(p => place.Job(p, secret.Read(p)).RunAsync(scope.Read(p, new VaultRequest("hold")
        {
            Reason = p.GetValue(reason),
            Everything = p.GetValue(everything),
            Until = p.GetValue(until) is { } end ? CommandTime.End("--until", end, ZoneOf(p)) : null,
        })));
        return verb;
    }

    private static Verb ReceiptVerb()
    {
        var file = new Argument<string>("FILE") { Description = "The receipt, as the vault wrote it." };
        var key = new Option<string>("--key") { Description = "The public key of the node, audit.pub, as it was handed out before.", HelpName = "FILE", Required = true };
        var verb = new Verb("verify-receipt", "Says whether a receipt is genuine, and what it says. Needs nothing but the public key.", "trafficflow vault verify-receipt 20270331T090000Z-1a2b3c4d.receipt --key audit.pub") { file, key };
        verb.SetAction(p => VaultJob.VerifyReceipt(p.GetRequiredValue(file), p.GetRequiredValue(key)));
        return verb;
    }
}
