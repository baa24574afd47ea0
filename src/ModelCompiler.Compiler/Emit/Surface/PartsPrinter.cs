using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints the tree of parameters as types: <c>model.Blocks[3].Attention.Query.Weight</c>.</summary>
internal static class PartsPrinter
{
    private const string Layer = "{layer}";

    public static SourceFile Print(CompiledModel model)
    {
        var root = new Tree("");
        foreach (var part in model.Layout.Parameters.Where(static p => p.Kind != Ir.Graphs.ParameterKind.Constant).SelectMany(static p => p.Parts).Where(static p => !p.IsAbsent))
        {
            root.Add(part.Path.Split('.'), part.Shape);
        }

        return FileFrame.Print(model.Model.Spec.Type, "Parameters", "Views of the parameters, by layer.", "", w =>
        {
            foreach (var child in root.Children)
            {
                Property(w, child, "");
            }

            foreach (var child in root.Children)
            {
                Class(w, child, "", TowerOptions.Exchanged(model.Model).FirstOrDefault(s => s.Name == child.Name));
            }
        });
    }

    private static void Property(SourceWriter w, Tree tree, string prefix)
    {
        var name = Names.Pascal(tree.Name);
        if (tree.Shape is { } shape)
        {
            w.Summary($"[{string.Join(", ", shape)}]");
            w.Line($"public Parameter {name} => {(prefix.Length == 0 ? $"_core.Parameters[{Names.Text(tree.Name)}]" : $"core.Parameters[path + {Names.Text("." + tree.Name)}]")};");
        }
        else if (tree.Children.Count == 1 && tree.Children[0].Name == Layer)
        {
            w.Summary("One entry a layer.");
            PrintLayers(w, Type(tree.Children[0], prefix + "_" + tree.Name), name, tree.Name, isNested: prefix.Length > 0);
        }
        else
        {
            w.Line($"public {Type(tree, prefix)} {name} => new({(prefix.Length == 0 ? "_core" : "core")}, {(prefix.Length == 0 ? Names.Text(tree.Name) : $"path + {Names.Text("." + tree.Name)}")});");
        }

        w.Line();
    }

    // A lambda within a struct cannot see what the struct was made with: it gets copies.
    private static void PrintLayers(SourceWriter w, string type, string name, string stack, bool isNested)
    {
        if (!isNested)
        {
            w.Line($"public LayerList<{type}> {name} => new(_core.LayerCount({Names.Text(stack)}), layer => new(_core, $\"{stack}.{{layer}}\"));");
            return;
        }

        using (w.Block($"public LayerList<{type}> {name}"))
        using (w.Block("get"))
        {
            w.Line($"var (model, stack) = (core, path + {Names.Text("." + stack)});");
            w.Line("return new(model.LayerCount(stack), layer => new(model, $\"{stack}.{layer}\"));");
        }
    }

    private static void Class(SourceWriter w, Tree tree, string prefix, Side? tower = null)
    {
        if (tree.Shape is not null)
        {
            return;
        }

        if (tree.Children.Count == 1 && tree.Children[0].Name == Layer)
        {
            Class(w, tree.Children[0], prefix + "_" + tree.Name);
            return;
        }

        w.Summary($"Parameters of {(tree.Name == Layer ? "a layer of " + string.Join(".", prefix.Split(['_'], StringSplitOptions.RemoveEmptyEntries)) : tree.Name)}.");
        using (w.Block($"public readonly struct {Type(tree, prefix)}(ModelCore core, string path)"))
        {
            foreach (var child in tree.Children)
            {
                Property(w, child, prefix + "_" + tree.Name);
            }

            if (tower is not null)
            {
                Copies(w, tower.Model.Spec.Type.Name);
            }
        }

        w.Line();
        foreach (var child in tree.Children)
        {
            Class(w, child, prefix + "_" + (tree.Name == Layer ? "" : tree.Name));
        }
    }

    // The class of a tower may be hidden from who sees the composition: any model is taken, and compared. A tower that lacks what it shares, or that has parts for reading another, has no such methods.
    private static void Copies(SourceWriter w, string name)
    {
        w.Summary($"Takes the weights of a {name}; what it has besides, such as a head, is left aside.");
        w.Line("/// <exception cref=\"ArgumentException\">The model is another tower; the weights stay as they were.</exception>");
        w.Line("public void CopyFrom(IModel model) => TowerWeights.CopyFrom(core, path, model);");
        w.Line();
        w.Summary($"Gives the weights to a {name}; what it has besides keeps its own.");
        w.Line("/// <exception cref=\"ArgumentException\">The model is another tower; its weights stay as they were.</exception>");
        w.Line("public void CopyTo(IModel model) => TowerWeights.CopyTo(core, path, model);");
    }

    private static string Type(Tree tree, string prefix) => Names.Pascal((prefix + "_" + tree.Name).Replace(Layer, "")) + "Parameters";

    /// <summary>Names by the dots in them.</summary>
    private sealed class Tree(string name)
    {
        public string Name { get; } = name;

        public int[]? Shape { get; private set; }

        public List<Tree> Children { get; } = [];

        public void Add(IEnumerable<string> path, int[] shape)
        {
            var first = path.FirstOrDefault();
            if (first is null)
            {
                Shape = shape;
                return;
            }

            var child = Children.FirstOrDefault(c => c.Name == first);
            if (child is null)
            {
                Children.Add(child = new Tree(first));
            }

            child.Add(path.Skip(1), shape);
        }
    }
}
