#!/usr/bin/env node
// Decides by liquidation-suicide 1.1.0. Change the SOP, not this file.
//   echo '{"signals": {…}}' | node decide.mjs
// Below the tables stands the evaluator of sopwright, the same in every skill. It contains big.js by Michael Mclaughlin (MIT licence).

const decision = {
 "sop": "liquidation-suicide",
 "sop_version": "1.1.0",
 "skill_digest": "37c7aa66471a771cfc67c34de11a138d20e490b69ff030ea3ab4d2fba2d3a479",
 "signals": [
  "fund_loss",
  "size_to_depth",
  "rules_changed",
  "shifted_usd",
  "pulled_ratio",
  "opposed_ratio",
  "linked_ratio",
  "cluster_ratio",
  "asset_ratio",
  "linked_loss",
  "hedge_exempt",
  "wall_share"
 ],
 "segment_by": null,
 "decisions": [
  {
   "segment": null,
   "logic": {
    "inputs": [
     {
      "name": "fund_loss",
      "type": "decimal",
      "step": null,
      "range": {
       "text": ">= 0",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "compare",
         "operator": ">=",
         "bound": "0"
        }
       ]
      },
      "range_text": ">= 0",
      "missing": {
       "number": "0"
      },
      "parameter": false
     },
     {
      "name": "size_to_depth",
      "type": "number",
      "step": "0.01",
      "range": {
       "text": ">= 0 step 0.01",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "compare",
         "operator": ">=",
         "bound": "0"
        }
       ]
      },
      "range_text": ">= 0 step 0.01",
      "missing": null,
      "parameter": false
     },
     {
      "name": "rules_changed",
      "type": "boolean",
      "step": null,
      "range": null,
      "range_text": "–",
      "missing": false,
      "parameter": false
     },
     {
      "name": "shifted_usd",
      "type": "decimal",
      "step": null,
      "range": {
       "text": ">= 0",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "compare",
         "operator": ">=",
         "bound": "0"
        }
       ]
      },
      "range_text": ">= 0",
      "missing": {
       "number": "0"
      },
      "parameter": false
     },
     {
      "name": "pulled_ratio",
      "type": "number",
      "step": "0.001",
      "range": {
       "text": "[0..1] step 0.001",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "interval",
         "low": "0",
         "high": "1",
         "low_closed": true,
         "high_closed": true
        }
       ]
      },
      "range_text": "[0..1] step 0.001",
      "missing": null,
      "parameter": false
     },
     {
      "name": "opposed_ratio",
      "type": "number",
      "step": "0.01",
      "range": {
       "text": ">= 0 step 0.01",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "compare",
         "operator": ">=",
         "bound": "0"
        }
       ]
      },
      "range_text": ">= 0 step 0.01",
      "missing": null,
      "parameter": false
     },
     {
      "name": "linked_ratio",
      "type": "number",
      "step": "0.01",
      "range": {
       "text": ">= 0 step 0.01",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "compare",
         "operator": ">=",
         "bound": "0"
        }
       ]
      },
      "range_text": ">= 0 step 0.01",
      "missing": null,
      "parameter": false
     },
     {
      "name": "cluster_ratio",
      "type": "number",
      "step": "0.01",
      "range": {
       "text": ">= 0 step 0.01",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "compare",
         "operator": ">=",
         "bound": "0"
        }
       ]
      },
      "range_text": ">= 0 step 0.01",
      "missing": null,
      "parameter": false
     },
     {
      "name": "asset_ratio",
      "type": "number",
      "step": "0.01",
      "range": {
       "text": ">= 0 step 0.01",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "compare",
         "operator": ">=",
         "bound": "0"
        }
       ]
      },
      "range_text": ">= 0 step 0.01",
      "missing": null,
      "parameter": false
     },
     {
      "name": "linked_loss",
      "type": "decimal",
      "step": null,
      "range": {
       "text": ">= 0",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "compare",
         "operator": ">=",
         "bound": "0"
        }
       ]
      },
      "range_text": ">= 0",
      "missing": {
       "number": "0"
      },
      "parameter": false
     },
     {
      "name": "hedge_exempt",
      "type": "boolean",
      "step": null,
      "range": null,
      "range_text": "–",
      "missing": false,
      "parameter": false
     },
     {
      "name": "wall_share",
      "type": "number",
      "step": "0.001",
      "range": {
       "text": "[0..1] step 0.001",
       "negated": false,
       "also_null": false,
       "atoms": [
        {
         "kind": "interval",
         "low": "0",
         "high": "1",
         "low_closed": true,
         "high_closed": true
        }
       ]
      },
      "range_text": "[0..1] step 0.001",
      "missing": {
       "number": "0"
      },
      "parameter": false
     }
    ],
    "tables": [
     {
      "name": "Harm",
      "hit_policy": "F",
      "inputs": [
       {
        "name": "fund_loss",
        "type": "decimal",
        "step": null,
        "range": {
         "text": ">= 0",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "compare",
           "operator": ">=",
           "bound": "0"
          }
         ]
        },
        "range_text": ">= 0",
        "missing": {
         "number": "0"
        },
        "parameter": false
       },
       {
        "name": "linked_loss",
        "type": "decimal",
        "step": null,
        "range": {
         "text": ">= 0",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "compare",
           "operator": ">=",
           "bound": "0"
          }
         ]
        },
        "range_text": ">= 0",
        "missing": {
         "number": "0"
        },
        "parameter": false
       }
      ],
      "outputs": [
       {
        "name": "harm",
        "type": "text",
        "order": null
       }
      ],
      "rules": [
       {
        "id": "H1",
        "tests": [
         {
          "text": ">= min_loss",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "50000"
           }
          ]
         },
         null
        ],
        "outputs": [
         "large"
        ]
       },
       {
        "id": "H2",
        "tests": [
         {
          "text": ">= thin_loss",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "1000"
           }
          ]
         },
         {
          "text": ">= min_loss",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "50000"
           }
          ]
         }
        ],
        "outputs": [
         "split"
        ]
       },
       {
        "id": "H3",
        "tests": [
         {
          "text": ">= thin_loss",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "1000"
           }
          ]
         },
         null
        ],
        "outputs": [
         "small"
        ]
       }
      ],
      "otherwise": {
       "id": "else",
       "tests": [],
       "outputs": [
        "none"
       ]
      }
     },
     {
      "name": "Legs",
      "hit_policy": "F",
      "inputs": [
       {
        "name": "opposed_ratio",
        "type": "number",
        "step": "0.01",
        "range": {
         "text": ">= 0 step 0.01",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "compare",
           "operator": ">=",
           "bound": "0"
          }
         ]
        },
        "range_text": ">= 0 step 0.01",
        "missing": null,
        "parameter": false
       },
       {
        "name": "linked_ratio",
        "type": "number",
        "step": "0.01",
        "range": {
         "text": ">= 0 step 0.01",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "compare",
           "operator": ">=",
           "bound": "0"
          }
         ]
        },
        "range_text": ">= 0 step 0.01",
        "missing": null,
        "parameter": false
       },
       {
        "name": "cluster_ratio",
        "type": "number",
        "step": "0.01",
        "range": {
         "text": ">= 0 step 0.01",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "compare",
           "operator": ">=",
           "bound": "0"
          }
         ]
        },
        "range_text": ">= 0 step 0.01",
        "missing": null,
        "parameter": false
       },
       {
        "name": "asset_ratio",
        "type": "number",
        "step": "0.01",
        "range": {
         "text": ">= 0 step 0.01",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "compare",
           "operator": ">=",
           "bound": "0"
          }
         ]
        },
        "range_text": ">= 0 step 0.01",
        "missing": null,
        "parameter": false
       },
       {
        "name": "hedge_exempt",
        "type": "boolean",
        "step": null,
        "range": null,
        "range_text": "–",
        "missing": false,
        "parameter": false
       }
      ],
      "outputs": [
       {
        "name": "legs",
        "type": "text",
        "order": null
       }
      ],
      "rules": [
       {
        "id": "L1",
        "tests": [
         {
          "text": ">= 0.8",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "0.8"
           }
          ]
         },
         null,
         null,
         null,
         {
          "text": "false",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": false
           }
          ]
         }
        ],
        "outputs": [
         "own"
        ]
       },
       {
        "id": "L2",
        "tests": [
         null,
         {
          "text": ">= 0.8",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "0.8"
           }
          ]
         },
         null,
         null,
         {
          "text": "false",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": false
           }
          ]
         }
        ],
        "outputs": [
         "linked"
        ]
       },
       {
        "id": "L3",
        "tests": [
         null,
         {
          "text": "[0.3..0.8)",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "interval",
            "low": "0.3",
            "high": "0.8",
            "low_closed": true,
            "high_closed": false
           }
          ]
         },
         null,
         null,
         {
          "text": "false",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": false
           }
          ]
         }
        ],
        "outputs": [
         "part"
        ]
       },
       {
        "id": "L4",
        "tests": [
         null,
         {
          "text": "null",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "null"
           }
          ]
         },
         null,
         null,
         null
        ],
        "outputs": [
         "unknown"
        ]
       },
       {
        "id": "L5",
        "tests": [
         null,
         null,
         {
          "text": ">= 0.8",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "0.8"
           }
          ]
         },
         null,
         {
          "text": "false",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": false
           }
          ]
         }
        ],
        "outputs": [
         "cluster"
        ]
       },
       {
        "id": "L6",
        "tests": [
         null,
         null,
         null,
         {
          "text": ">= 0.8, null",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "0.8"
           },
           {
            "kind": "null"
           }
          ]
         },
         {
          "text": "false",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": false
           }
          ]
         }
        ],
        "outputs": [
         "asset"
        ]
       }
      ],
      "otherwise": {
       "id": "else",
       "tests": [],
       "outputs": [
        "none"
       ]
      }
     },
     {
      "name": "Margin",
      "hit_policy": "F",
      "inputs": [
       {
        "name": "shifted_usd",
        "type": "decimal",
        "step": null,
        "range": {
         "text": ">= 0",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "compare",
           "operator": ">=",
           "bound": "0"
          }
         ]
        },
        "range_text": ">= 0",
        "missing": {
         "number": "0"
        },
        "parameter": false
       },
       {
        "name": "pulled_ratio",
        "type": "number",
        "step": "0.001",
        "range": {
         "text": "[0..1] step 0.001",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "interval",
           "low": "0",
           "high": "1",
           "low_closed": true,
           "high_closed": true
          }
         ]
        },
        "range_text": "[0..1] step 0.001",
        "missing": null,
        "parameter": false
       }
      ],
      "outputs": [
       {
        "name": "margin",
        "type": "text",
        "order": null
       }
      ],
      "rules": [
       {
        "id": "M1",
        "tests": [
         {
          "text": ">= min_loss",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "50000"
           }
          ]
         },
         {
          "text": ">= 0.5",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "0.5"
           }
          ]
         }
        ],
        "outputs": [
         "pulled"
        ]
       },
       {
        "id": "M2",
        "tests": [
         {
          "text": ">= min_loss",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "50000"
           }
          ]
         },
         {
          "text": "[0.2..0.5), null",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "interval",
            "low": "0.2",
            "high": "0.5",
            "low_closed": true,
            "high_closed": false
           },
           {
            "kind": "null"
           }
          ]
         }
        ],
        "outputs": [
         "part"
        ]
       },
       {
        "id": "M3",
        "tests": [
         null,
         {
          "text": ">= 0.5",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "0.5"
           }
          ]
         }
        ],
        "outputs": [
         "little"
        ]
       }
      ],
      "otherwise": {
       "id": "else",
       "tests": [],
       "outputs": [
        "kept"
       ]
      }
     },
     {
      "name": "Book",
      "hit_policy": "F",
      "inputs": [
       {
        "name": "wall_share",
        "type": "number",
        "step": "0.001",
        "range": {
         "text": "[0..1] step 0.001",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "interval",
           "low": "0",
           "high": "1",
           "low_closed": true,
           "high_closed": true
          }
         ]
        },
        "range_text": "[0..1] step 0.001",
        "missing": {
         "number": "0"
        },
        "parameter": false
       },
       {
        "name": "size_to_depth",
        "type": "number",
        "step": "0.01",
        "range": {
         "text": ">= 0 step 0.01",
         "negated": false,
         "also_null": false,
         "atoms": [
          {
           "kind": "compare",
           "operator": ">=",
           "bound": "0"
          }
         ]
        },
        "range_text": ">= 0 step 0.01",
        "missing": null,
        "parameter": false
       },
       {
        "name": "rules_changed",
        "type": "boolean",
        "step": null,
        "range": null,
        "range_text": "–",
        "missing": false,
        "parameter": false
       }
      ],
      "outputs": [
       {
        "name": "book",
        "type": "text",
        "order": null
       }
      ],
      "rules": [
       {
        "id": "B1",
        "tests": [
         {
          "text": ">= 0.5",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "0.5"
           }
          ]
         },
         {
          "text": ">= 1, null",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "1"
           },
           {
            "kind": "null"
           }
          ]
         },
         null
        ],
        "outputs": [
         "wall"
        ]
       },
       {
        "id": "B2",
        "tests": [
         {
          "text": ">= 0.5",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "0.5"
           }
          ]
         },
         null,
         null
        ],
        "outputs": [
         "propped"
        ]
       },
       {
        "id": "B3",
        "tests": [
         null,
         {
          "text": ">= 1, null",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "compare",
            "operator": ">=",
            "bound": "1"
           },
           {
            "kind": "null"
           }
          ]
         },
         {
          "text": "false",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": false
           }
          ]
         }
        ],
        "outputs": [
         "large"
        ]
       }
      ],
      "otherwise": {
       "id": "else",
       "tests": [],
       "outputs": [
        "fits"
       ]
      }
     },
     {
      "name": "Outcome",
      "hit_policy": "F",
      "inputs": [
       {
        "name": "harm",
        "type": "text",
        "step": null,
        "range": null,
        "range_text": "",
        "missing": null,
        "parameter": false
       },
       {
        "name": "legs",
        "type": "text",
        "step": null,
        "range": null,
        "range_text": "",
        "missing": null,
        "parameter": false
       },
       {
        "name": "margin",
        "type": "text",
        "step": null,
        "range": null,
        "range_text": "",
        "missing": null,
        "parameter": false
       },
       {
        "name": "book",
        "type": "text",
        "step": null,
        "range": null,
        "range_text": "",
        "missing": null,
        "parameter": false
       }
      ],
      "outputs": [
       {
        "name": "disposition",
        "type": "text",
        "order": [
         "escalate",
         "investigate",
         "monitor",
         "dismiss"
        ]
       },
       {
        "name": "severity",
        "type": "text",
        "order": [
         "critical",
         "high",
         "medium",
         "low",
         "info"
        ]
       }
      ],
      "rules": [
       {
        "id": "R1",
        "tests": [
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         },
         {
          "text": "\"own\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "own"
           }
          ]
         },
         null,
         null
        ],
        "outputs": [
         "escalate",
         "critical"
        ]
       },
       {
        "id": "R2",
        "tests": [
         null,
         null,
         {
          "text": "\"pulled\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "pulled"
           }
          ]
         },
         null
        ],
        "outputs": [
         "escalate",
         "critical"
        ]
       },
       {
        "id": "R3",
        "tests": [
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         },
         {
          "text": "\"linked\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "linked"
           }
          ]
         },
         null,
         null
        ],
        "outputs": [
         "escalate",
         "high"
        ]
       },
       {
        "id": "R11",
        "tests": [
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         },
         null,
         null,
         {
          "text": "\"wall\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "wall"
           }
          ]
         }
        ],
        "outputs": [
         "escalate",
         "high"
        ]
       },
       {
        "id": "R4",
        "tests": [
         null,
         null,
         {
          "text": "\"part\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "part"
           }
          ]
         },
         null
        ],
        "outputs": [
         "investigate",
         "high"
        ]
       },
       {
        "id": "R5",
        "tests": [
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         },
         {
          "text": "\"part\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "part"
           }
          ]
         },
         null,
         null
        ],
        "outputs": [
         "investigate",
         "high"
        ]
       },
       {
        "id": "R12",
        "tests": [
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         },
         null,
         null,
         {
          "text": "\"propped\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "propped"
           }
          ]
         }
        ],
        "outputs": [
         "investigate",
         "high"
        ]
       },
       {
        "id": "R13",
        "tests": [
         {
          "text": "\"split\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "split"
           }
          ]
         },
         {
          "text": "\"own\", \"linked\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "own"
           },
           {
            "kind": "equal",
            "value": "linked"
           }
          ]
         },
         null,
         null
        ],
        "outputs": [
         "investigate",
         "high"
        ]
       },
       {
        "id": "R14",
        "tests": [
         {
          "text": "\"split\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "split"
           }
          ]
         },
         null,
         null,
         {
          "text": "\"wall\", \"propped\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "wall"
           },
           {
            "kind": "equal",
            "value": "propped"
           }
          ]
         }
        ],
        "outputs": [
         "investigate",
         "high"
        ]
       },
       {
        "id": "R6",
        "tests": [
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         },
         null,
         null,
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         }
        ],
        "outputs": [
         "investigate",
         "medium"
        ]
       },
       {
        "id": "R7",
        "tests": [
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         },
         {
          "text": "\"unknown\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "unknown"
           }
          ]
         },
         null,
         null
        ],
        "outputs": [
         "investigate",
         "medium"
        ]
       },
       {
        "id": "R15",
        "tests": [
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         },
         {
          "text": "\"cluster\", \"asset\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "cluster"
           },
           {
            "kind": "equal",
            "value": "asset"
           }
          ]
         },
         null,
         null
        ],
        "outputs": [
         "investigate",
         "medium"
        ]
       },
       {
        "id": "R8",
        "tests": [
         {
          "text": "not(\"none\")",
          "negated": true,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "none"
           }
          ]
         },
         {
          "text": "\"own\", \"linked\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "own"
           },
           {
            "kind": "equal",
            "value": "linked"
           }
          ]
         },
         null,
         null
        ],
        "outputs": [
         "monitor",
         "medium"
        ]
       },
       {
        "id": "R9",
        "tests": [
         {
          "text": "not(\"none\")",
          "negated": true,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "none"
           }
          ]
         },
         null,
         {
          "text": "\"little\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "little"
           }
          ]
         },
         null
        ],
        "outputs": [
         "monitor",
         "medium"
        ]
       },
       {
        "id": "R16",
        "tests": [
         {
          "text": "not(\"none\")",
          "negated": true,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "none"
           }
          ]
         },
         null,
         null,
         {
          "text": "\"wall\", \"propped\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "wall"
           },
           {
            "kind": "equal",
            "value": "propped"
           }
          ]
         }
        ],
        "outputs": [
         "monitor",
         "medium"
        ]
       },
       {
        "id": "R10",
        "tests": [
         {
          "text": "\"large\"",
          "negated": false,
          "also_null": false,
          "atoms": [
           {
            "kind": "equal",
            "value": "large"
           }
          ]
         },
         null,
         null,
         null
        ],
        "outputs": [
         "monitor",
         "low"
        ]
       }
      ],
      "otherwise": {
       "id": "else",
       "tests": [],
       "outputs": [
        "dismiss",
        "info"
       ]
      }
     }
    ]
   }
  }
 ]
};

"use strict";
var sopwright = (() => {
  var __defProp = Object.defineProperty;
  var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
  var __getOwnPropNames = Object.getOwnPropertyNames;
  var __hasOwnProp = Object.prototype.hasOwnProperty;
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };
  var __copyProps = (to, from, except, desc) => {
    if (from && typeof from === "object" || typeof from === "function") {
      for (let key of __getOwnPropNames(from))
        if (!__hasOwnProp.call(to, key) && key !== except)
          __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
    }
    return to;
  };
  var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

  // src/emit/skill/runtime/decide.ts
  var decide_exports = {};
  __export(decide_exports, {
    decider: () => decider,
    readAsked: () => readAsked
  });

  // node_modules/big.js/big.mjs
  var DP = 20;
  var RM = 1;
  var MAX_DP = 1e6;
  var MAX_POWER = 1e6;
  var NE = -7;
  var PE = 21;
  var STRICT = false;
  var NAME = "[big.js] ";
  var INVALID = NAME + "Invalid ";
  var INVALID_DP = INVALID + "decimal places";
  var INVALID_RM = INVALID + "rounding mode";
  var DIV_BY_ZERO = NAME + "Division by zero";
  var P = {};
  var UNDEFINED = void 0;
  var NUMERIC = /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
  function _Big_() {
    function Big2(n) {
      var x = this;
      if (!(x instanceof Big2)) {
        return n === UNDEFINED && arguments.length === 0 ? _Big_() : new Big2(n);
      }
      if (n instanceof Big2) {
        x.s = n.s;
        x.e = n.e;
        x.c = n.c.slice();
      } else {
        if (typeof n !== "string") {
          if (Big2.strict === true && typeof n !== "bigint") {
            throw TypeError(INVALID + "value");
          }
          n = n === 0 && 1 / n < 0 ? "-0" : String(n);
        }
        parse(x, n);
      }
      x.constructor = Big2;
    }
    Big2.prototype = P;
    Big2.DP = DP;
    Big2.RM = RM;
    Big2.NE = NE;
    Big2.PE = PE;
    Big2.strict = STRICT;
    Big2.roundDown = 0;
    Big2.roundHalfUp = 1;
    Big2.roundHalfEven = 2;
    Big2.roundUp = 3;
    return Big2;
  }
  function parse(x, n) {
    var e, i, nl;
    if (!NUMERIC.test(n)) {
      throw Error(INVALID + "number");
    }
    x.s = n.charAt(0) == "-" ? (n = n.slice(1), -1) : 1;
    if ((e = n.indexOf(".")) > -1) n = n.replace(".", "");
    if ((i = n.search(/e/i)) > 0) {
      if (e < 0) e = i;
      e += +n.slice(i + 1);
      n = n.substring(0, i);
    } else if (e < 0) {
      e = n.length;
    }
    nl = n.length;
    for (i = 0; i < nl && n.charAt(i) == "0"; ) ++i;
    if (i == nl) {
      x.c = [x.e = 0];
    } else {
      for (; nl > 0 && n.charAt(--nl) == "0"; ) ;
      x.e = e - i - 1;
      x.c = [];
      for (e = 0; i <= nl; ) x.c[e++] = +n.charAt(i++);
    }
    return x;
  }
  function round(x, sd, rm, more) {
    var xc = x.c;
    if (rm === UNDEFINED) rm = x.constructor.RM;
    if (rm !== 0 && rm !== 1 && rm !== 2 && rm !== 3) {
      throw Error(INVALID_RM);
    }
    if (sd < 1) {
      more = rm === 3 && (more || !!xc[0]) || sd === 0 && (rm === 1 && xc[0] >= 5 || rm === 2 && (xc[0] > 5 || xc[0] === 5 && (more || xc[1] !== UNDEFINED)));
      xc.length = 1;
      if (more) {
        x.e = x.e - sd + 1;
        xc[0] = 1;
      } else {
        xc[0] = x.e = 0;
      }
    } else if (sd < xc.length) {
      more = rm === 1 && xc[sd] >= 5 || rm === 2 && (xc[sd] > 5 || xc[sd] === 5 && (more || xc[sd + 1] !== UNDEFINED || xc[sd - 1] & 1)) || rm === 3 && (more || !!xc[0]);
      xc.length = sd;
      if (more) {
        for (; ++xc[--sd] > 9; ) {
          xc[sd] = 0;
          if (sd === 0) {
            ++x.e;
            xc.unshift(1);
            break;
          }
        }
      }
      for (sd = xc.length; !xc[--sd]; ) xc.pop();
    }
    return x;
  }
  function stringify(x, doExponential, isNonzero) {
    var e = x.e, s = x.c.join(""), n = s.length;
    if (doExponential) {
      s = s.charAt(0) + (n > 1 ? "." + s.slice(1) : "") + (e < 0 ? "e" : "e+") + e;
    } else if (e < 0) {
      for (; ++e; ) s = "0" + s;
      s = "0." + s;
    } else if (e > 0) {
      if (++e > n) {
        for (e -= n; e--; ) s += "0";
      } else if (e < n) {
        s = s.slice(0, e) + "." + s.slice(e);
      }
    } else if (n > 1) {
      s = s.charAt(0) + "." + s.slice(1);
    }
    return x.s < 0 && isNonzero ? "-" + s : s;
  }
  P.abs = function() {
    var x = new this.constructor(this);
    x.s = 1;
    return x;
  };
  P.cmp = function(y) {
    var isneg, x = this, xc = x.c, yc = (y = new x.constructor(y)).c, i = x.s, j = y.s, k = x.e, l = y.e;
    if (!xc[0] || !yc[0]) return !xc[0] ? !yc[0] ? 0 : -j : i;
    if (i != j) return i;
    isneg = i < 0;
    if (k != l) return k > l ^ isneg ? 1 : -1;
    j = (k = xc.length) < (l = yc.length) ? k : l;
    for (i = -1; ++i < j; ) {
      if (xc[i] != yc[i]) return xc[i] > yc[i] ^ isneg ? 1 : -1;
    }
    return k == l ? 0 : k > l ^ isneg ? 1 : -1;
  };
  P.div = function(y) {
    var x = this, Big2 = x.constructor, a = x.c, b = (y = new Big2(y)).c, k = x.s == y.s ? 1 : -1, dp = Big2.DP;
    if (dp !== ~~dp || dp < 0 || dp > MAX_DP) {
      throw Error(INVALID_DP);
    }
    if (!b[0]) {
      throw Error(DIV_BY_ZERO);
    }
    if (!a[0]) {
      y.s = k;
      y.c = [y.e = 0];
      return y;
    }
    var bl, bt, n, cmp, ri, bz = b.slice(), ai = bl = b.length, al = a.length, r = a.slice(0, bl), rl = r.length, q = y, qc = q.c = [], qi = 0, p = dp + (q.e = x.e - y.e) + 1;
    q.s = k;
    k = p < 0 ? 0 : p;
    bz.unshift(0);
    for (; rl++ < bl; ) r.push(0);
    do {
      for (n = 0; n < 10; n++) {
        if (bl != (rl = r.length)) {
          cmp = bl > rl ? 1 : -1;
        } else {
          for (ri = -1, cmp = 0; ++ri < bl; ) {
            if (b[ri] != r[ri]) {
              cmp = b[ri] > r[ri] ? 1 : -1;
              break;
            }
          }
        }
        if (cmp < 0) {
          for (bt = rl == bl ? b : bz; rl; ) {
            if (r[--rl] < bt[rl]) {
              ri = rl;
              for (; ri && !r[--ri]; ) r[ri] = 9;
              --r[ri];
              r[rl] += 10;
            }
            r[rl] -= bt[rl];
          }
          for (; !r[0]; ) r.shift();
        } else {
          break;
        }
      }
      qc[qi++] = cmp ? n : ++n;
      if (r[0] && cmp) r[rl] = a[ai] || 0;
      else r = [a[ai]];
    } while ((ai++ < al || r[0] !== UNDEFINED) && k--);
    if (!qc[0] && qi != 1) {
      qc.shift();
      q.e--;
      p--;
    }
    if (qi > p) round(q, p, Big2.RM, r[0] !== UNDEFINED);
    return q;
  };
  P.eq = function(y) {
    return this.cmp(y) === 0;
  };
  P.gt = function(y) {
    return this.cmp(y) > 0;
  };
  P.gte = function(y) {
    return this.cmp(y) > -1;
  };
  P.lt = function(y) {
    return this.cmp(y) < 0;
  };
  P.lte = function(y) {
    return this.cmp(y) < 1;
  };
  P.minus = P.sub = function(y) {
    var i, j, t, xlty, x = this, Big2 = x.constructor, a = x.s, b = (y = new Big2(y)).s;
    if (a != b) {
      y.s = -b;
      return x.plus(y);
    }
    var xc = x.c.slice(), xe = x.e, yc = y.c, ye = y.e;
    if (!xc[0] || !yc[0]) {
      if (yc[0]) {
        y.s = -b;
      } else if (xc[0]) {
        y = new Big2(x);
      } else {
        y.s = 1;
      }
      return y;
    }
    if (a = xe - ye) {
      if (xlty = a < 0) {
        a = -a;
        t = xc;
      } else {
        ye = xe;
        t = yc;
      }
      t.reverse();
      for (b = a; b--; ) t.push(0);
      t.reverse();
    } else {
      j = ((xlty = xc.length < yc.length) ? xc : yc).length;
      for (a = b = 0; b < j; b++) {
        if (xc[b] != yc[b]) {
          xlty = xc[b] < yc[b];
          break;
        }
      }
    }
    if (xlty) {
      t = xc;
      xc = yc;
      yc = t;
      y.s = -y.s;
    }
    if ((b = (j = yc.length) - (i = xc.length)) > 0) for (; b--; ) xc[i++] = 0;
    for (b = i; j > a; ) {
      if (xc[--j] < yc[j]) {
        for (i = j; i && !xc[--i]; ) xc[i] = 9;
        --xc[i];
        xc[j] += 10;
      }
      xc[j] -= yc[j];
    }
    for (; xc[--b] === 0; ) xc.pop();
    for (; xc[0] === 0; ) {
      xc.shift();
      --ye;
    }
    if (!xc[0]) {
      y.s = 1;
      xc = [ye = 0];
    }
    y.c = xc;
    y.e = ye;
    return y;
  };
  P.mod = function(y) {
    var ygtx, x = this, Big2 = x.constructor, a = x.s, b = (y = new Big2(y)).s;
    if (!y.c[0]) {
      throw Error(DIV_BY_ZERO);
    }
    x.s = y.s = 1;
    ygtx = y.cmp(x) == 1;
    x.s = a;
    y.s = b;
    if (ygtx) return new Big2(x);
    a = Big2.DP;
    b = Big2.RM;
    Big2.DP = Big2.RM = 0;
    x = x.div(y);
    Big2.DP = a;
    Big2.RM = b;
    return this.minus(x.times(y));
  };
  P.neg = function() {
    var x = new this.constructor(this);
    x.s = -x.s;
    return x;
  };
  P.plus = P.add = function(y) {
    var e, k, t, x = this, Big2 = x.constructor;
    y = new Big2(y);
    if (x.s != y.s) {
      y.s = -y.s;
      return x.minus(y);
    }
    var xe = x.e, xc = x.c, ye = y.e, yc = y.c;
    if (!xc[0] || !yc[0]) {
      if (!yc[0]) {
        if (xc[0]) {
          y = new Big2(x);
        } else {
          y.s = x.s;
        }
      }
      return y;
    }
    xc = xc.slice();
    if (e = xe - ye) {
      if (e > 0) {
        ye = xe;
        t = yc;
      } else {
        e = -e;
        t = xc;
      }
      t.reverse();
      for (; e--; ) t.push(0);
      t.reverse();
    }
    if (xc.length - yc.length < 0) {
      t = yc;
      yc = xc;
      xc = t;
    }
    e = yc.length;
    for (k = 0; e; xc[e] %= 10) k = (xc[--e] = xc[e] + yc[e] + k) / 10 | 0;
    if (k) {
      xc.unshift(k);
      ++ye;
    }
    for (e = xc.length; xc[--e] === 0; ) xc.pop();
    y.c = xc;
    y.e = ye;
    return y;
  };
  P.pow = function(n) {
    var x = this, one = new x.constructor("1"), y = one, isneg = n < 0;
    if (n !== ~~n || n < -MAX_POWER || n > MAX_POWER) {
      throw Error(INVALID + "exponent");
    }
    if (isneg) n = -n;
    for (; ; ) {
      if (n & 1) y = y.times(x);
      n >>= 1;
      if (!n) break;
      x = x.times(x);
    }
    return isneg ? one.div(y) : y;
  };
  P.prec = function(sd, rm) {
    if (sd !== ~~sd || sd < 1 || sd > MAX_DP) {
      throw Error(INVALID + "precision");
    }
    return round(new this.constructor(this), sd, rm);
  };
  P.round = function(dp, rm) {
    if (dp === UNDEFINED) dp = 0;
    else if (dp !== ~~dp || dp < -MAX_DP || dp > MAX_DP) {
      throw Error(INVALID_DP);
    }
    return round(new this.constructor(this), dp + this.e + 1, rm);
  };
  P.sqrt = function() {
    var r, c, t, x = this, Big2 = x.constructor, s = x.s, e = x.e, half = new Big2("0.5");
    if (!x.c[0]) return new Big2(x);
    if (s < 0) {
      throw Error(NAME + "No square root");
    }
    s = Math.sqrt(+stringify(x, true, true));
    if (s === 0 || s === 1 / 0) {
      c = x.c.join("");
      if (!(c.length + e & 1)) c += "0";
      s = Math.sqrt(c);
      e = ((e + 1) / 2 | 0) - (e < 0 || e & 1);
      r = new Big2((s == 1 / 0 ? "5e" : (s = s.toExponential()).slice(0, s.indexOf("e") + 1)) + e);
    } else {
      r = new Big2(s + "");
    }
    e = r.e + (Big2.DP += 4);
    do {
      t = r;
      r = half.times(t.plus(x.div(t)));
    } while (t.c.slice(0, e).join("") !== r.c.slice(0, e).join(""));
    return round(r, (Big2.DP -= 4) + r.e + 1, Big2.RM);
  };
  P.times = P.mul = function(y) {
    var c, x = this, Big2 = x.constructor, xc = x.c, yc = (y = new Big2(y)).c, a = xc.length, b = yc.length, i = x.e, j = y.e;
    y.s = x.s == y.s ? 1 : -1;
    if (!xc[0] || !yc[0]) {
      y.c = [y.e = 0];
      return y;
    }
    y.e = i + j;
    if (a < b) {
      c = xc;
      xc = yc;
      yc = c;
      j = a;
      a = b;
      b = j;
    }
    for (c = new Array(j = a + b); j--; ) c[j] = 0;
    for (i = b; i--; ) {
      b = 0;
      for (j = a + i; j > i; ) {
        b = c[j] + yc[i] * xc[j - i - 1] + b;
        c[j--] = b % 10;
        b = b / 10 | 0;
      }
      c[j] = b;
    }
    if (b) ++y.e;
    else c.shift();
    for (i = c.length; !c[--i]; ) c.pop();
    y.c = c;
    return y;
  };
  P.toExponential = function(dp, rm) {
    var x = this, n = x.c[0];
    if (dp !== UNDEFINED) {
      if (dp !== ~~dp || dp < 0 || dp > MAX_DP) {
        throw Error(INVALID_DP);
      }
      x = round(new x.constructor(x), ++dp, rm);
      for (; x.c.length < dp; ) x.c.push(0);
    }
    return stringify(x, true, !!n);
  };
  P.toFixed = function(dp, rm) {
    var x = this, n = x.c[0];
    if (dp !== UNDEFINED) {
      if (dp !== ~~dp || dp < 0 || dp > MAX_DP) {
        throw Error(INVALID_DP);
      }
      x = round(new x.constructor(x), dp + x.e + 1, rm);
      for (dp = dp + x.e + 1; x.c.length < dp; ) x.c.push(0);
    }
    return stringify(x, false, !!n);
  };
  P.toJSON = P.toString = function() {
    var x = this, Big2 = x.constructor;
    return stringify(x, x.e <= Big2.NE || x.e >= Big2.PE, !!x.c[0]);
  };
  if (typeof Symbol !== "undefined") {
    P[/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")] = P.toJSON;
  }
  P.toNumber = function() {
    var n = +stringify(this, true, true);
    if (this.constructor.strict === true && !this.eq(n.toString())) {
      throw Error(NAME + "Imprecise conversion");
    }
    return n;
  };
  P.toPrecision = function(sd, rm) {
    var x = this, Big2 = x.constructor, n = x.c[0];
    if (sd !== UNDEFINED) {
      if (sd !== ~~sd || sd < 1 || sd > MAX_DP) {
        throw Error(INVALID + "precision");
      }
      x = round(new Big2(x), sd, rm);
      for (; x.c.length < sd; ) x.c.push(0);
    }
    return stringify(x, sd <= x.e || x.e <= Big2.NE || x.e >= Big2.PE, !!n);
  };
  P.valueOf = function() {
    var x = this, Big2 = x.constructor;
    if (Big2.strict === true) {
      throw Error(NAME + "valueOf disallowed");
    }
    return stringify(x, x.e <= Big2.NE || x.e >= Big2.PE, true);
  };
  var Big = _Big_();
  var big_default = Big;

  // src/decision/doubles.ts
  var float = new Float64Array(1);
  var bits = new BigInt64Array(float.buffer);
  function nextDouble(value) {
    if (value === 0) return Number.MIN_VALUE;
    float[0] = value;
    bits[0] = (bits[0] ?? 0n) + (value > 0 ? 1n : -1n);
    return float[0] ?? Number.NaN;
  }
  function previousDouble(value) {
    return -nextDouble(-value);
  }

  // src/text/time.ts
  var unitSeconds = { s: 1, m: 60, h: 3600, d: 86400 };
  function secondsOf(duration) {
    const match = /^(\d{1,6})([smhd])$/.exec(duration);
    const unit = unitSeconds[match?.[2] ?? ""];
    return unit === void 0 ? void 0 : Number(match?.[1]) * unit;
  }
  var longDuration = /^([+-]?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:\.(\d{1,6}))?S)?)?$/;
  function parseDuration(text) {
    const short = secondsOf(text);
    if (short !== void 0) return short * 1e6;
    const match = longDuration.exec(text);
    if (match === null || !/\d/.test(text) || text.endsWith("T")) return void 0;
    const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0", fraction = ""] = match;
    const whole2 = Number(days) * 86400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    const microseconds = whole2 * 1e6 + Number(fraction.padEnd(6, "0"));
    return sign === "-" && microseconds !== 0 ? -microseconds : microseconds;
  }
  function isoDuration(microseconds) {
    const size = Math.abs(microseconds);
    const days = Math.floor(size / 864e8);
    const hours = Math.floor(size / 36e8 % 24);
    const minutes = Math.floor(size / 6e7 % 60);
    const rest = size % 6e7;
    const fraction = String(rest % 1e6).padStart(6, "0").replace(/0+$/, "");
    const seconds = `${Math.floor(rest / 1e6)}${fraction === "" ? "" : `.${fraction}`}`;
    const time = `${hours > 0 ? `${hours}H` : ""}${minutes > 0 ? `${minutes}M` : ""}${seconds === "0" ? "" : `${seconds}S`}`;
    const text = `${days > 0 ? `${days}D` : ""}${time === "" ? "" : `T${time}`}`;
    return `${microseconds < 0 ? "-" : ""}P${text === "" ? "T0S" : text}`;
  }
  var timePattern = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/i;
  function parseTime(text) {
    const match = timePattern.exec(text.trim());
    if (match === null) return void 0;
    const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
    if (!isDate(`${year}-${month}-${day}`) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
      return void 0;
    const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return (utc - offsetMilliseconds(zone)) * 1e3 + Number(fraction.padEnd(6, "0"));
  }
  function offsetMilliseconds(zone) {
    const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
    if (match === null) return 0;
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    return (match[1] === "-" ? -minutes : minutes) * 6e4;
  }
  function isDate(text) {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (match === null) return false;
    const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
    return date.toISOString().slice(0, 10) === text;
  }
  var furthest = 864e16;
  function formatTime(microseconds) {
    if (!(Math.abs(microseconds) <= furthest)) return `${microseconds} \xB5s after 1970`;
    const milliseconds = Math.floor(microseconds / 1e3);
    const rest = microseconds - milliseconds * 1e3;
    const iso = new Date(milliseconds).toISOString();
    const fraction = `${iso.slice(20, 23)}${String(rest).padStart(3, "0")}`.replace(/0+$/, "");
    return `${iso.slice(0, 19)}${fraction === "" ? "" : `.${fraction}`}Z`;
  }

  // src/decision/normalise.ts
  var Exact = big_default();
  Exact.DP = 80;
  Exact.RM = Exact.roundHalfUp;
  function normalise(raw, column) {
    if (raw === null) return good(null);
    switch (column.type) {
      case "boolean":
        return typeof raw === "boolean" ? good(raw) : bad("true or false");
      case "enum":
      case "text":
        return typeof raw === "string" ? good(raw) : bad("text");
      case "date and time":
        return normaliseTime(raw, column, parseTime, "a date and time");
      case "duration":
        return normaliseTime(raw, column, parseDuration, "a duration");
      case "number":
      case "integer":
      case "decimal":
        return normaliseNumber(raw, column);
    }
  }
  function normaliseTime(raw, column, parse2, expected) {
    const read = typeof raw === "string" ? parse2(raw) : raw;
    return read === void 0 || typeof read === "boolean" ? bad(expected) : normaliseNumber(read, column);
  }
  function normaliseNumber(raw, column) {
    if (typeof raw === "string" || typeof raw === "boolean") return bad("a number");
    if (typeof raw === "number" && !Number.isFinite(raw)) return { ok: true, value: null, wasNotFinite: true };
    if (column.type === "integer" && !isWhole(raw)) return bad("a whole number");
    if (column.step !== null) return good(stepsOf(raw, column.step));
    if (column.type === "number") return good(Number(raw.toString()));
    return good(new big_default(raw.toString()));
  }
  function isWhole(raw) {
    if (typeof raw === "bigint") return true;
    return typeof raw === "number" ? Number.isInteger(raw) : raw.eq(raw.round(0, Exact.roundDown));
  }
  function stepsOf(raw, step) {
    if (typeof raw === "number") {
      const quotient = raw / stepNumber(step);
      const away = Math.abs(quotient);
      const fraction = away - Math.floor(away);
      if (away < 1e9 && Math.abs(fraction - 0.5) > 1e-4) {
        const steps = Math.floor(away + 0.5);
        return quotient < 0 ? 0 - steps : steps;
      }
    }
    return whole(new Exact(raw.toString()).div(step).round(0).toFixed());
  }
  function stepNumber(step) {
    const found = stepNumbers.get(step) ?? Number(step.toString());
    stepNumbers.set(step, found);
    return found;
  }
  var stepNumbers = /* @__PURE__ */ new WeakMap();
  function whole(text) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number + 0 : BigInt(text);
  }
  function comparable(literal, column) {
    if (!(literal instanceof big_default)) return literal;
    const { step } = column;
    if (step === null) return column.type === "number" ? Number(literal.toString()) : literal;
    const known2 = inSteps.get(literal);
    if (known2?.step === step) return known2.value;
    const exact = new Exact(literal).div(step);
    const steps = exact.round(0);
    const value = steps.eq(exact) ? whole(steps.toFixed()) : Number(exact.toString());
    inSteps.set(literal, { step, value });
    return value;
  }
  var inSteps = /* @__PURE__ */ new WeakMap();
  function showScalar(value, column) {
    if (value === null) return "null";
    if (typeof value === "string") return `"${value}"`;
    if (typeof value === "boolean") return String(value);
    if (typeof value === "object" && "length" in value) return `[${value.join(", ")}]`;
    if (column?.type === "date and time") return formatTime(Number(value));
    if (column?.type === "duration") return isoDuration(Number(value));
    const step = column?.step ?? null;
    if (step === null)
      return value instanceof big_default ? value.toFixed() : typeof value === "number" ? new big_default(value).toFixed() : value.toString();
    return new big_default(value.toString()).times(step).toFixed();
  }
  function missingValue(column) {
    const read = normalise(column.missing, column);
    return read.ok ? read.value : null;
  }
  function good(value) {
    return { ok: true, value, wasNotFinite: false };
  }
  function bad(expected) {
    return { ok: false, expected };
  }

  // src/decision/compile-test.ts
  function compileTest(test, column) {
    if (test.kind === "any") return () => true;
    const namesNull = test.atoms.some((atom) => atom.kind === "null");
    const onNull = test.negated ? test.alsoNull : namesNull;
    const matches = test.atoms.filter((atom) => atom.kind !== "null").map((atom) => compileAtom(atom, column));
    const { negated } = test;
    const only = matches.length === 1 ? matches[0] : void 0;
    if (only !== void 0 && !negated) return (value) => value === null ? onNull : only(value);
    return (value) => value === null ? onNull : matches.some((match) => match(value)) !== negated;
  }
  function intervalOf(test, column) {
    if (test.kind === "any" || test.negated || test.atoms.length !== 1) return null;
    const [atom] = test.atoms;
    if (atom === void 0 || atom.kind === "null") return null;
    if (atom.kind === "compare") {
      const isFloor = atom.operator === ">=" || atom.operator === ">";
      const low2 = isFloor ? edge(atom.bound, column, atom.operator === ">=", nextDouble) : Number.NEGATIVE_INFINITY;
      const high2 = isFloor ? Number.POSITIVE_INFINITY : edge(atom.bound, column, atom.operator === "<=", previousDouble);
      return low2 === null || high2 === null ? null : { low: low2, high: high2 };
    }
    const [from, to] = atom.kind === "equal" ? [atom.value, atom.value] : [atom.low, atom.high];
    const low = edge(from, column, atom.kind === "equal" || atom.lowClosed, nextDouble);
    const high = edge(to, column, atom.kind === "equal" || atom.highClosed, previousDouble);
    return low === null || high === null ? null : { low, high };
  }
  function edge(bound, column, closed, beside) {
    const value = comparable(bound, column);
    if (typeof value !== "number" || !Number.isFinite(value)) return null;
    return closed ? value : beside(value);
  }
  function wordOf(test) {
    if (test.kind === "any" || test.negated || test.atoms.length !== 1) return null;
    const [atom] = test.atoms;
    return atom?.kind === "equal" && typeof atom.value === "string" ? atom.value : null;
  }
  function compileAtom(atom, column) {
    switch (atom.kind) {
      case "equal": {
        const wanted = comparable(atom.value, column);
        if (typeof wanted === "string" || typeof wanted === "boolean") return (value) => value === wanted;
        return (value) => typeof value === "number" && typeof wanted === "number" ? value === wanted : compare(value, wanted) === 0;
      }
      case "compare": {
        return compileBound(atom.operator, comparable(atom.bound, column));
      }
      case "interval": {
        const low = comparable(atom.low, column);
        const high = comparable(atom.high, column);
        const above = compileBound(atom.lowClosed ? ">=" : ">", low);
        const below = compileBound(atom.highClosed ? "<=" : "<", high);
        return (value) => above(value) && below(value);
      }
    }
  }
  function compileBound(operator, bound) {
    if (typeof bound === "number") return compareNumber(operator, bound);
    if (operator === "<") return (value) => compare(value, bound) < 0;
    if (operator === "<=") return (value) => compare(value, bound) <= 0;
    if (operator === ">") return (value) => compare(value, bound) > 0;
    return (value) => compare(value, bound) >= 0;
  }
  function compareNumber(operator, bound) {
    switch (operator) {
      case "<":
        return (value) => typeof value === "number" ? value < bound : compare(value, bound) < 0;
      case "<=":
        return (value) => typeof value === "number" ? value <= bound : compare(value, bound) <= 0;
      case ">":
        return (value) => typeof value === "number" ? value > bound : compare(value, bound) > 0;
      case ">=":
        return (value) => typeof value === "number" ? value >= bound : compare(value, bound) >= 0;
    }
  }
  function compare(a, b) {
    if (a instanceof big_default && b instanceof big_default) return compareBigs(a, b);
    if (a instanceof big_default || b instanceof big_default) {
      if (typeof a === "string" || typeof a === "boolean" || typeof b === "string" || typeof b === "boolean")
        return Number.NaN;
      return new big_default(a.toString()).cmp(b.toString());
    }
    if (typeof a === "string" || typeof a === "boolean" || typeof b === "string" || typeof b === "boolean")
      return a === b ? 0 : Number.NaN;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  function compareBigs(a, b) {
    const [sign, other] = [signOf(a), signOf(b)];
    if (sign !== other) return sign > other ? 1 : -1;
    return sign === 0 ? 0 : sign * compareSizes(a, b);
  }
  function signOf({ s, c }) {
    return c[0] === 0 ? 0 : s;
  }
  function compareSizes(a, b) {
    if (a.e !== b.e) return a.e > b.e ? 1 : -1;
    const length = Math.max(a.c.length, b.c.length);
    for (let at = 0; at < length; at++) {
      const difference = (a.c[at] ?? 0) - (b.c[at] ?? 0);
      if (difference !== 0) return difference > 0 ? 1 : -1;
    }
    return 0;
  }

  // src/decision/compile-table.ts
  function compileTableAs(table, places, make) {
    const rules = table.rules.map((rule) => compileRule(rule, table, places));
    const made = [];
    const alone = (index) => made[index] ??= make(rules[index].alone);
    const cells = rules.map((rule) => rule.cells);
    const combine = combiner(table);
    const none = make(table.otherwise === null ? combine([]) : single(table.otherwise, table));
    const several = (inputs, from) => make(combine(rules.filter((rule, index) => index >= from && matchesAll(rule.cells, inputs))));
    const { hitPolicy } = table;
    if (hitPolicy === "F")
      return (inputs) => {
        for (let index = 0; index < cells.length; index++)
          if (matchesAll(cells[index], inputs)) return alone(index);
        return none;
      };
    if (hitPolicy === "P") {
      const order = [...table.rules].sort(byPriority(table)).map((rule) => table.rules.indexOf(rule));
      return (inputs) => {
        for (const index of order) if (matchesAll(cells[index], inputs)) return alone(index);
        return none;
      };
    }
    const answersAlone = hitPolicy === "U" || hitPolicy === "A";
    return (inputs) => {
      let first = -1;
      for (let index = 0; index < cells.length; index++) {
        if (!matchesAll(cells[index], inputs)) continue;
        if (first >= 0 || !answersAlone) return several(inputs, first >= 0 ? first : index);
        first = index;
      }
      return first < 0 ? none : alone(first);
    };
  }
  var known = /* @__PURE__ */ new WeakMap();
  function compileRule(rule, table, places) {
    const { inputs, outputs, hitPolicy } = table;
    const before = known.get(rule);
    const isSame = before?.inputs === inputs && before.outputs === outputs && before.hitPolicy === hitPolicy;
    if (isSame && sameNumbers(before.places, places)) return before.compiled;
    const compiled = { ...rule, cells: compileCells(rule, inputs, places), alone: single(rule, table) };
    known.set(rule, { inputs, outputs, hitPolicy, places, compiled });
    return compiled;
  }
  function sameNumbers(a, b) {
    return a.length === b.length && a.every((place, index) => place === b[index]);
  }
  function compileCells({ tests }, inputs, places) {
    return tests.flatMap((test, index) => {
      const [column, place] = [inputs[index], places[index]];
      if (column === void 0 || place === void 0 || test.kind === "any") return [];
      const interval = intervalOf(test, column);
      const { low, high } = interval ?? { low: 0, high: 0 };
      const matches = compileTest(test, column);
      return [{ place, matches, hasInterval: interval !== null, low, high, word: wordOf(test) }];
    });
  }
  function matchesAll(cells, inputs) {
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index];
      const value = inputs[cell.place];
      if (typeof value === "number" && cell.hasInterval) {
        if (!(value >= cell.low && value <= cell.high)) return false;
      } else if (typeof value === "string" && cell.word !== null) {
        if (value !== cell.word) return false;
      } else if (!cell.matches(value ?? null)) return false;
    }
    return true;
  }
  function combiner(table) {
    const [output] = table.outputs;
    const ids = (hits) => hits.map((rule) => rule.id);
    const some = (combine) => (hits) => hits.length === 0 ? { kind: "no_rule" } : combine(hits);
    switch (table.hitPolicy) {
      case "F":
        return some((hits) => hits[0].alone);
      // `some` has looked: there is one
      case "U":
        return some(
          (hits) => hits.length === 1 ? hits[0].alone : { kind: "conflict", rules: ids(hits) }
        );
      // as above
      case "A":
        return some((hits) => {
          const agree = hits.every(
            (rule2) => rule2.outputs.every((value, index) => sameLiteral(value, hits[0]?.outputs[index] ?? null))
          );
          const [rule] = hits;
          if (!agree) return { kind: "conflict", rules: ids(hits) };
          return hits.length === 1 ? rule.alone : { ...rule.alone, rules: ids(hits) };
        });
      case "P":
        return some((hits) => [...hits].sort(byPriority(table))[0].alone);
      // as above
      case "R":
      case "C":
        return (hits) => lists(hits, table);
      case "O":
        return (hits) => lists([...hits].sort(byPriority(table)), table);
      case "C#":
        return (hits) => ({ kind: "answer", outputs: [knownOutputs(hits).length], rules: ids(hits) });
      case "C+":
        return (hits) => aggregate(hits, output, new big_default(0), (sum, value) => sum.plus(value));
      case "C<":
        return (hits) => aggregate(hits, output, null, (least, value) => value.lt(least) ? value : least);
      case "C>":
        return (hits) => aggregate(hits, output, null, (most, value) => value.gt(most) ? value : most);
    }
  }
  function knownOutputs(hits) {
    return hits.map((rule) => rule.outputs[0] ?? null).filter((value) => value !== null);
  }
  function aggregate(hits, output, empty, join) {
    let total = empty;
    for (const rule of hits) {
      const value = rule.outputs[0];
      if (!(value instanceof big_default)) continue;
      total = total === null ? value : join(total, value);
    }
    return {
      kind: "answer",
      outputs: [total === null ? null : outputValue(total, output)],
      rules: hits.map((rule) => rule.id)
    };
  }
  function lists(hits, table) {
    const rules = hits.map((rule) => rule.id);
    const kept = (rule) => rule.outputs.some((value) => value !== null);
    if (table.outputs.length === 1) {
      const values = hits.filter(kept).map((rule) => outputValue(rule.outputs[0] ?? null, table.outputs[0]));
      return { kind: "answer", outputs: [values], rules };
    }
    const columns = table.outputs.map(
      (output, index) => hits.filter(kept).map((rule) => outputValue(rule.outputs[index] ?? null, output))
    );
    return { kind: "answer", outputs: columns, rules };
  }
  function single(rule, table) {
    return {
      kind: "answer",
      outputs: table.outputs.map((output, index) => outputValue(rule.outputs[index] ?? null, output)),
      rules: [rule.id]
    };
  }
  function outputValue(literal, output) {
    if (output === void 0) return null;
    const column = {
      name: output.name,
      type: output.type === "number" ? "decimal" : output.type,
      step: null,
      range: { kind: "any" },
      rangeText: "",
      missing: null
    };
    const read = normalise(literal, column);
    return read.ok ? read.value : null;
  }
  function sameLiteral(a, b) {
    return a instanceof big_default && b instanceof big_default ? a.eq(b) : a === b;
  }
  function byPriority(table) {
    return (a, b) => {
      for (let index = 0; index < table.outputs.length; index++) {
        const difference = rank(a, index, table) - rank(b, index, table);
        if (difference !== 0) return difference;
      }
      return 0;
    };
  }
  function rank(rule, index, table) {
    const order = table.outputs[index]?.order ?? [];
    const value = rule.outputs[index] ?? null;
    const at = order.indexOf(value instanceof big_default ? value.toFixed() : String(value));
    return at < 0 ? order.length : at;
  }

  // src/decision/decide.ts
  function compileDecision(logic) {
    const decide = compileRow(logic);
    const names = logic.inputs.map((column) => column.name);
    const row = names.map(() => null);
    return (values, unavailable) => {
      if (unavailable.size > 0) {
        const gone = names.filter((name) => unavailable.has(name));
        if (gone.length > 0)
          return { kind: "undecided", reason: "unavailable", detail: unavailableDetail(gone), trail: [] };
      }
      for (let index = 0; index < names.length; index++) row[index] = values.get(names[index]) ?? null;
      return decide(row);
    };
  }
  function compileRow(logic) {
    const ranges = logic.inputs.flatMap(
      (column, place) => column.range.kind === "any" ? [] : [{ column, place, allows: compileTest(column.range, column) }]
    );
    const places = new Map(logic.inputs.map((column, place) => [column.name, place]));
    const walk = logic.tables.length === 1 ? askOne(logic.tables, places) : walkTables(logic, places);
    if (ranges.length === 0) return walk;
    return (row) => {
      for (let index = 0; index < ranges.length; index++) {
        const { column, place, allows } = ranges[index];
        const value = row[place] ?? null;
        if (value !== null && !allows(value)) return { kind: "invalid", detail: outside(column, value), trail: [] };
      }
      return walk(row);
    };
  }
  function placesOf(table, places) {
    return table.inputs.map((column) => places.get(column.name) ?? Number.MAX_SAFE_INTEGER);
  }
  function stepOf(table) {
    return (answer) => {
      const { rules, outputs: given } = answer.kind === "answer" ? answer : noAnswer;
      const outputs = Object.fromEntries(table.outputs.map((output, index) => [output.name, given[index] ?? null]));
      return { answer, entry: { table: table.name, rules, outputs } };
    };
  }
  function askOne([table], places) {
    const step = stepOf(table);
    return compileTableAs(table, placesOf(table, places), (answer) => {
      if (answer.kind === "conflict") return conflict(answer.rules, table, []);
      return conclude(answer, [step(answer).entry]);
    });
  }
  function walkTables({ inputs, tables }, places) {
    const known2 = new Map(places);
    let width = inputs.length;
    const steps = tables.map((table) => {
      const ask = compileTableAs(table, placesOf(table, known2), stepOf(table));
      const given = table.outputs.map((output) => {
        known2.set(output.name, width);
        return { name: output.name, place: width++ };
      });
      return { table, ask, given };
    });
    const cells = Array.from({ length: width }, () => null);
    return (row) => {
      for (let place = 0; place < inputs.length; place++) cells[place] = row[place] ?? null;
      const trail = [];
      let last = { kind: "no_rule" };
      for (const { table, ask, given } of steps) {
        const { answer, entry } = ask(cells);
        last = answer;
        if (answer.kind === "conflict") return conflict(answer.rules, table, trail);
        for (const { name, place } of given) cells[place] = scalarOf(entry.outputs[name]);
        trail.push(entry);
      }
      return conclude(last, trail);
    };
  }
  function conclude(last, trail) {
    const final = trail.at(-1);
    if (last.kind !== "answer" || final === void 0) {
      const detail = `no rule of \`${final?.table ?? "the decision"}\` matches`;
      return { kind: "undecided", reason: "no_rule", detail, trail };
    }
    return {
      kind: "decided",
      disposition: String(final.outputs["disposition"]),
      severity: String(final.outputs["severity"]),
      rule: final.rules[0] ?? "",
      trail
    };
  }
  function conflict(rules, table, trail) {
    return { kind: "invalid", detail: conflictDetail(rules, table), trail };
  }
  var noAnswer = { rules: [], outputs: [] };
  function conflictDetail(rules, table) {
    return `rules ${rules.join(" and ")} of \`${table.name}\` match at once (hit policy ${table.hitPolicy})`;
  }
  function unavailableDetail(names) {
    return `the data for ${names.map((name) => `\`${name}\``).join(", ")} is not there`;
  }
  function outside(column, value) {
    return `\`${column.name}\` = ${showScalar(value, column)} lies outside its range ${column.rangeText}`;
  }
  function scalarOf(value) {
    if (value === void 0) return null;
    return typeof value === "object" && value !== null && !("cmp" in value) ? null : value;
  }

  // src/decision/logic.ts
  var anything = { kind: "any" };
  function isOrdered({ type }) {
    return type !== "boolean" && type !== "enum" && type !== "text";
  }

  // src/decision/decide-signals.ts
  function decideSignals(logic, given, alsoKnown) {
    const columns = logic.inputs.filter(({ fixed }) => fixed !== true);
    const strange = Object.keys(given).filter(
      (name) => !alsoKnown.has(name) && columns.every((one) => one.name !== name)
    );
    if (strange.length > 0)
      return without(
        "invalid",
        `${quoted(strange)}: no signal of this decision; it reads ${quoted(columns.map(({ name }) => name))}`
      );
    const values = /* @__PURE__ */ new Map();
    for (const column of logic.inputs) {
      const read = column.fixed === true || !Object.hasOwn(given, column.name) ? null : readGiven(given[column.name], column);
      if (read !== null && !read.ok) return without("invalid", `\`${column.name}\` must be ${read.expected}`);
      values.set(column.name, read?.value ?? missingValue(column));
    }
    const lacking = new Set(columns.flatMap(({ name }) => Object.hasOwn(given, name) ? [] : [name]));
    const decision = compileDecision(logic)(values, lacking);
    const signals = Object.fromEntries(
      columns.flatMap(
        (column) => lacking.has(column.name) ? [] : [[column.name, showScalar(values.get(column.name) ?? null, column)]]
      )
    );
    const tables = decision.trail.map(({ table, rules }) => ({ table, rules }));
    if (decision.kind !== "decided") return { ...without(decision.kind, decision.detail), signals, tables };
    const { disposition, severity, rule } = decision;
    return {
      outcome: "decided",
      disposition,
      severity,
      rule,
      reason: reasonOf(logic, values, decision),
      signals,
      tables
    };
  }
  function without(outcome, reason) {
    return { outcome, disposition: null, severity: null, rule: null, reason, signals: {}, tables: [] };
  }
  function readGiven(given, column) {
    const raw = rawOf(given, column);
    const read = raw === void 0 ? null : normalise(raw, column);
    if (read?.ok) return read;
    return {
      ok: false,
      expected: asText[column.type] ?? read?.expected ?? "a finite number, a text, true, false or null"
    };
  }
  var asText = {
    "date and time": 'a date and time, written as `"2026-11-02T00:30:00Z"`',
    duration: 'a duration, written as `"PT30M"` or `"30m"`'
  };
  function rawOf(given, { type }) {
    if (given === null || typeof given === "boolean") return given;
    const isTime = type === "date and time" || type === "duration";
    if (typeof given === "number") return isTime || !Number.isFinite(given) ? void 0 : given;
    if (typeof given !== "string") return void 0;
    const isNumber = isOrdered({ type }) && !isTime && /^-?\d{1,400}(\.\d{1,400})?$/.test(given);
    if (!isNumber) return given;
    return Number.isFinite(Number(given)) ? new big_default(given) : void 0;
  }
  function reasonOf(logic, values, { trail }) {
    const known2 = new Map(values);
    return trail.map(({ table, rules, outputs }, at) => {
      const own = logic.tables[at];
      const told = rules.map((id) => `${id}${conditionsOf(own, id, known2)}`);
      for (const [name2, value] of Object.entries(outputs)) known2.set(name2, value);
      const name = logic.tables.length > 1 ? `${table}: ` : "";
      return `${name}${told.length === 0 ? "no rule matches" : told.join("; ")}`;
    }).join(". ");
  }
  function conditionsOf(table, id, known2) {
    const rule = table?.rules.find((one) => one.id === id);
    if (table === void 0 || rule === void 0) return " (no other rule matches)";
    const parts = table.inputs.flatMap((column, at) => {
      const test = rule.tests[at];
      if (test === void 0 || test.kind === "any") return [];
      return [`\`${column.name}\` ${showScalar(known2.get(column.name) ?? null, column)} meets ${test.text}`];
    });
    return parts.length === 0 ? " (it asks for nothing)" : `: ${parts.join(", ")}`;
  }
  function quoted(names) {
    return names.map((name) => `\`${name}\``).join(", ");
  }

  // src/decision/logic-json.ts
  function decodeLogic({ inputs, tables }) {
    return {
      inputs: inputs.map(decodeColumn),
      tables: tables.map((table) => ({
        name: table.name,
        hitPolicy: table.hit_policy,
        inputs: table.inputs.map(decodeColumn),
        outputs: table.outputs,
        rules: table.rules.map(decodeRule),
        otherwise: table.otherwise === null ? null : decodeRule(table.otherwise)
      }))
    };
  }
  function decodeColumn({ name, type, step, range, range_text: rangeText, missing, parameter }) {
    const column = { name, type, step: step === null ? null : new big_default(step), range: decodeTest(range), rangeText };
    const whole2 = { ...column, missing: decodeLiteral(missing) };
    return parameter ? { ...whole2, fixed: true } : whole2;
  }
  function decodeRule({ id, tests, outputs }) {
    return { id, tests: tests.map(decodeTest), outputs: outputs.map(decodeLiteral) };
  }
  function decodeTest(test) {
    if (test === null) return anything;
    const { text, negated, also_null: alsoNull, atoms } = test;
    return { kind: "tests", text, negated, alsoNull, atoms: atoms.map(decodeAtom) };
  }
  function decodeAtom(atom) {
    switch (atom.kind) {
      case "null":
        return atom;
      case "equal":
        return { kind: "equal", value: decodeLiteral(atom.value) ?? "" };
      case "compare":
        return { kind: "compare", operator: atom.operator, bound: new big_default(atom.bound) };
      case "interval": {
        const bounds = { low: new big_default(atom.low), high: new big_default(atom.high) };
        return { kind: "interval", ...bounds, lowClosed: atom.low_closed, highClosed: atom.high_closed };
      }
    }
  }
  function decodeLiteral(value) {
    return typeof value === "object" && value !== null ? new big_default(value.number) : value;
  }

  // src/emit/skill/runtime/decide.ts
  function decider(json) {
    const { sop, sop_version, skill_digest } = json;
    const logics = new Map(
      json.decisions.map(({ segment, logic }) => [segment, decodeLogic(logic)])
    );
    const known2 = new Set(json.signals);
    return ({ signals, segment = null }) => {
      const logic = logics.get(json.segment_by === null ? null : segment);
      const said = logic === void 0 ? {
        outcome: "undecided",
        disposition: null,
        severity: null,
        rule: null,
        reason: `the segment (\`${json.segment_by}\`) of the subject is ${segment === null ? "not told" : `\`${segment}\``}; parameters are known for ${[...logics.keys()].map((name) => `\`${name}\``).join(", ")}`,
        signals: {},
        tables: []
      } : decideSignals(logic, signals, known2);
      return { sop, sop_version, skill_digest, segment: json.segment_by === null ? null : segment, ...said };
    };
  }
  function readAsked(text) {
    let read;
    try {
      read = JSON.parse(text.replace(/^\ufeff/, ""));
    } catch {
      return "this is no JSON";
    }
    const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isRecord(read) || !isRecord(read["signals"]))
      return 'write {"signals": {"name": value, \u2026}}, and "segment" where parameters differ by segment';
    const other = Object.keys(read).filter((key) => key !== "signals" && key !== "segment");
    if (other[0] !== void 0) return `${plain(other[0])}: only "signals" and "segment" are read`;
    const { signals, segment = null } = read;
    if (segment !== null && typeof segment !== "string") return '"segment" is a text';
    return { signals, segment };
  }
  function plain(name) {
    return JSON.stringify(name.slice(0, 80).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?"));
  }
  return __toCommonJS(decide_exports);
})();

export const decide = sopwright.decider(decision);

const { argv, stdin, stdout, stderr } = process;
const { realpathSync } = await import('node:fs');
const { fileURLToPath } = await import('node:url');
const pathOf = (path) => {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
};
// Called, and not imported: by its name or through a link.
if (argv[1] !== undefined && pathOf(argv[1]) === pathOf(fileURLToPath(import.meta.url))) {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += chunk;
    if (text.length > 1_000_000) break;
  }
  const asked = text.length > 1_000_000 ? 'more than a million characters are not read' : sopwright.readAsked(text);
  if (typeof asked === 'string') {
    stderr.write(asked + '\n');
    process.exitCode = 2;
  } else stdout.write(JSON.stringify(decide(asked), null, 2) + '\n');
}
