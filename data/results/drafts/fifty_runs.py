"""Fifty runs on two virtual devices: how many crash, and do all give the same losses?"""
import sys, tempfile, time, json
from pathlib import Path
sys.path.insert(0, ".")
import numpy as np
import importlib.util, ast, jupytext
parts=[]
for cell in jupytext.read(".-full-size.md").cells:
    tags={"setup","exercise-starter","exercise-check"} & set(cell.metadata.get("tags",[]))
    if cell.cell_type=="code" and not tags:
        for node in ast.parse(cell.source).body:
            plain=isinstance(node,ast.Assign) and isinstance(node.targets[0],ast.Name) and isinstance(node.value,ast.Constant)
            if plain or isinstance(node,(ast.Import,ast.ImportFrom,ast.FunctionDef)):
                parts.append(ast.get_source_segment(cell.source,node))
path=Path(tempfile.mkdtemp())/"page.py"; path.write_text("\n\n\n".join(parts))
spec=importlib.util.spec_from_file_location("page",path); page=importlib.util.module_from_spec(spec); spec.loader.exec_module(page)
rng=np.random.default_rng(0)
X=rng.integers(1,10000,size=(600,16)).astype("int16"); y=rng.integers(0,2,600)
good, bad, seen = 0, [], set()
for k in range(int(sys.argv[1])):
    with tempfile.TemporaryDirectory() as name:
        folder=Path(name); page.write_script(folder,X,y); t=time.time()
        try:
            found=page.start(folder,2,60,0.003,devices=2); good+=1; seen.add(json.dumps(found))
        except Exception as e:
            bad.append((k,str(e)[-1500:]))
        print(k, good, len(bad), len(seen), f"{time.time()-t:.1f}", flush=True)
print("ran", good, "crashed", len(bad), "different losses", len(seen)); print(bad)
